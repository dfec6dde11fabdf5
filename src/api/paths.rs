//! The many spellings of a path.

use std::borrow::Cow;

use axum::http::{Request, Uri};

/// What clients with a wrong base address double.
const DOUBLED: &str = "/v2/v2";

/// Gives a request the path that routes are written with: without a slash at its end, and with one
/// `/v2` in front however often it was sent. Answering both spellings is better than redirecting, which
/// loses the bodies of POST and PATCH.
pub fn tidy<B>(mut request: Request<B>) -> Request<B> {
    let path = request.uri().path();
    let tidied = tidied(path);
    if tidied != path
        && let Some(uri) = with_path(request.uri(), &tidied)
    {
        *request.uri_mut() = uri;
    }
    request
}

fn tidied(path: &str) -> Cow<'_, str> {
    let mut path = path;
    while path.strip_prefix(DOUBLED).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        path = &path[DOUBLED.len() / 2..];
    }
    match path.strip_suffix('/') {
        Some("") | None => path.into(),
        Some(bare) => bare.into(),
    }
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::tidy;

    #[test]
    fn spellings_of_one_path_are_one() {
        for (sent, tidied) in [
            ("/", "/"),
            ("/v2/posts/", "/v2/posts"),
            ("/v2/posts", "/v2/posts"),
            ("/v2/v2/posts/?a=/b/", "/v2/posts?a=/b/"),
            ("/v2/v2/v2/", "/v2"),
            ("/v2/v2posts/", "/v2/v2posts"),
            ("/v2/posts//", "/v2/posts/"),
        ] {
            let request = tidy(Request::get(sent).body(()).expect("a request"));
            assert_eq!(request.uri(), tidied);
        }
    }
}
