//! The least that a server on hyper can do for the same duties: look path and query up in a cache, choose
//! by `Accept-Encoding`, compare `If-None-Match`, send seven headers.

use std::convert::Infallible;
use std::fs;
use std::future::{Ready, ready};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use quick_cache::sync::Cache;
use tokio::net::TcpListener;

/// What makes this program such a server; a folder follows.
pub(crate) const ARGUMENT: &str = "--bare-hyper";
/// Which file of the folder answers which path and query: `PATH<tab>FILE` on each line. `FILE.gz` is
/// the same compressed.
pub(crate) const INDEX: &str = "index";

#[derive(Clone)]
struct Kept {
    plain: Bytes,
    gzip: Bytes,
    tag: HeaderValue,
}

/// Serves what the index of a folder says, until it is ended.
pub(crate) fn serve(folder: &Path) {
    let kept = Arc::new(keep(folder));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        writeln!(std::io::stdout(), "http://{address}").expect("told");
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            stream.set_nodelay(true).expect("set");
            let kept = kept.clone();
            let service = service_fn(move |request| answer(&kept, &request));
            tokio::spawn(async move {
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
}

fn keep(folder: &Path) -> Cache<Box<str>, Arc<Kept>> {
    let index = fs::read_to_string(folder.join(INDEX)).expect("an index");
    let kept = Cache::new(2 * index.lines().count());
    for (path, file) in index.lines().filter_map(|line| line.split_once('\t')) {
        // Read anew for every path: answers do not share memory.
        let read = |file: String| Bytes::from(fs::read(folder.join(file)).expect("a body"));
        let tag = HeaderValue::from_str(&format!("\"{:032x}\"", path.len() as u128)).expect("a value");
        let entry = Kept { plain: read(file.to_owned()), gzip: read(format!("{file}.gz")), tag };
        kept.insert(path.into(), Arc::new(entry));
    }
    kept
}

fn answer(
    kept: &Cache<Box<str>, Arc<Kept>>,
    request: &Request<Incoming>,
) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let Some(found) = kept.get(target) else {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return ready(Ok(response));
    };
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let gzip = accepted.split(',').any(|one| one.trim() == "gzip");
    let unchanged = request.headers().get(IF_NONE_MATCH).is_some_and(|tag| *tag == found.tag);
    let body = match (unchanged, gzip) {
        (true, _) => Bytes::new(),
        (false, true) => found.gzip.clone(),
        (false, false) => found.plain.clone(),
    };
    let mut response = Response::new(Full::new(body));
    let headers = response.headers_mut();
    headers.insert(ETAG, found.tag.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Origin, Accept-Encoding"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return ready(Ok(response));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    ready(Ok(response))
}
