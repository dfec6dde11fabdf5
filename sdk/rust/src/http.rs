//! One request with its whole answer.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::Method;
use serde_json::{Map, Value};

use crate::error::{Error, Kind, Unset};

/// What a server answered, whatever it is.
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Its JSON object; `None` when it is none.
    pub(crate) fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_str(&self.body).ok()
    }
}

pub(crate) struct Http(reqwest::Client);

impl Http {
    pub(crate) fn new() -> Result<Self, Unset> {
        let mut headers = HeaderMap::new();
        headers.insert("X-Butter-Client", HeaderValue::from_static(concat!("larder-rust/", env!("CARGO_PKG_VERSION"))));
        // A redirect is no answer of larder's, and could carry the token elsewhere.
        let client = reqwest::Client::builder().redirect(Policy::none()).default_headers(headers).pool_max_idle_per_host(10);
        client.build().map(Self).map_err(|_| Unset::Tls)
    }

    /// Within the limit.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        header: Option<(&'static str, String)>,
        body: Option<String>,
        limit: Duration,
    ) -> Result<Reply, Error> {
        let mut request = self.0.request(method, url);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        let exchange = async {
            let response =
                request.send().await.map_err(|error| failed(Kind::Network, "the server could not be reached", error))?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let body = response.bytes().await.map_err(|error| failed(Kind::BadAnswer, "the answer was cut off", error))?;
            // What is not UTF-8 is no JSON either.
            Ok(Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
        };
        let late = |_| Error::new(Kind::Timeout, format!("no whole answer within {limit:?}"));
        tokio::time::timeout(limit, exchange).await.map_err(late)?
    }
}

/// Without the address, which has the token in it.
fn failed(kind: Kind, what: &str, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let mut said = format!("{what}: {error}");
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        said = format!("{said}: {deeper}");
        cause = deeper.source();
    }
    Error::new(kind, said)
}
