//! Plain HTTP where HTTPS is spoken: whoever comes is sent on, and authorities are answered that want to see before they
//! give a certificate who answers here.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderName, LOCATION};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connection::End;
use super::patience::HEAD_PATIENCE;
use crate::tls::{Answers, Domain};

/// How long a connection may last, which is for one request.
const WHOLE: Duration = Duration::from_secs(60);

/// Where everybody is sent.
#[derive(Clone)]
pub(super) struct Moved(Arc<Place>);

struct Place {
    /// The names the server has; whoever asks for another one is sent to the first. Without any, all names are its own.
    domains: Vec<Domain>,
    /// The port where HTTPS is spoken, as readers reach it.
    port: u16,
    answers: Option<Answers>,
}

impl Moved {
    pub(super) fn new(domains: Vec<Domain>, port: u16, answers: Option<Answers>) -> Self {
        Self(Arc::new(Place { domains, port, answers }))
    }

    /// Answers the one request of a connection.
    pub(super) async fn serve(&self, stream: TcpStream, end: &End) {
        let answer = service_fn(|request| async move { Ok::<_, Infallible>(self.answer(&request).await) });
        let mut http = http1::Builder::new();
        http.keep_alive(false).timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
        let served = timeout(WHOLE, http.serve_connection(TokioIo::new(stream), answer));
        tokio::select! {
            // Whoever breaks off is nothing to report.
            _ = served => {}
            () = end.wait() => {}
        }
    }

    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        if let Some(answers) = self.0.answers.clone().filter(|_| Answers::is_asked_at(path)) {
            let path = path.to_owned();
            // It lies in a file.
            let answer = tokio::task::spawn_blocking(move || answers.to_path(&path)).await;
            return match answer {
                // RFC 8555, 8.3.
                Ok(Some(answer)) => said(StatusCode::OK, CONTENT_TYPE, "application/octet-stream", answer),
                Ok(None) => said(StatusCode::NOT_FOUND, CONTENT_TYPE, TEXT, "Nothing is asked here now.\n"),
                Err(_) => said(StatusCode::INTERNAL_SERVER_ERROR, CONTENT_TYPE, TEXT, "This cannot be answered.\n"),
            };
        }
        let line = request.uri().path_and_query().map_or("/", |line| line.as_str());
        match self.0.location(&asked(request), line) {
            Some(location) => {
                said(StatusCode::PERMANENT_REDIRECT, LOCATION, &location, "This site is read by HTTPS.\n")
            }
            None => said(StatusCode::BAD_REQUEST, CONTENT_TYPE, TEXT, "The request names no server (Host).\n"),
        }
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

/// The server that a request is for.
fn asked(request: &Request<Incoming>) -> Option<Authority> {
    let header = || request.headers().get(HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok());
    request.uri().authority().cloned().or_else(header)
}

impl Place {
    /// The same address by HTTPS.
    fn location(&self, asked: &Option<Authority>, line: &str) -> Option<String> {
        let plain = asked.as_ref().filter(|asked| !asked.as_str().contains('@')).map(|asked| asked.host());
        let own = |host: &&str| {
            self.domains.is_empty() || self.domains.iter().any(|own| own.as_str().eq_ignore_ascii_case(host))
        };
        let host = plain.filter(own).or_else(|| self.domains.first().map(Domain::as_str))?;
        let port = if self.port == 443 { String::new() } else { format!(":{}", self.port) };
        let line = if line.starts_with('/') { line } else { "/" };
        Some(format!("https://{host}{port}{line}"))
    }
}

fn said(status: StatusCode, name: HeaderName, value: &str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // An address that is none for a header is none to go to.
    headers.insert(name, HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("/")));
    // Whether HTTPS is spoken may change; browsers that shall remember it are told by HSTS.
    headers.insert(CACHE_CONTROL, const { HeaderValue::from_static("no-store") });
    response
}

#[cfg(test)]
mod tests {
    use axum::http::uri::Authority;

    use super::Place;

    #[test]
    fn everybody_is_sent_to_the_same_address_by_https() {
        let sent = |domains: &[&str], port: u16, host: &str, line: &str| {
            let domains = domains.iter().map(|name| name.parse().expect("a name")).collect();
            let asked = Authority::try_from(host).ok();
            Place { domains, port, answers: None }.location(&asked, line)
        };
        let any: [&str; 0] = [];
        assert_eq!(sent(&any, 443, "a.example", "/x?y=1").as_deref(), Some("https://a.example/x?y=1"));
        assert_eq!(sent(&any, 8443, "a.example:8080", "/").as_deref(), Some("https://a.example:8443/"));
        assert_eq!(sent(&any, 443, "[::1]:80", "*").as_deref(), Some("https://[::1]/"));
        assert_eq!(sent(&any, 443, "", "/"), None);
        let own = ["a.example", "b.example"];
        assert_eq!(sent(&own, 443, "B.example", "/").as_deref(), Some("https://B.example/"));
        for other in ["evil.example", "a.example@evil.example", "", "203.0.113.7"] {
            assert_eq!(sent(&own, 443, other, "/x").as_deref(), Some("https://a.example/x"), "{other}");
        }
    }
}
