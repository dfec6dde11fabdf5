//! What a request says of how it wants its answer.

use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName};

/// Ends the tags of compressed bodies, which must differ from those of plain ones.
pub(super) const GZIPPED: &str = "-gzip";

/// The headers of a request that decide how an answer is sent.
#[derive(Clone, Debug, Default)]
pub(in crate::api) struct Conditions {
    if_none_match: Option<String>,
    /// Whether gzip is welcome.
    pub(super) gzip: bool,
}

impl Conditions {
    /// Reads them.
    pub(in crate::api) fn of(headers: &HeaderMap) -> Self {
        Self { if_none_match: joined(headers, &IF_NONE_MATCH), gzip: accepts_gzip(headers) }
    }

    /// Whether the client has the body with this fingerprint, compressed or not.
    pub(super) fn holds(&self, etag: &str) -> bool {
        let Some(tags) = &self.if_none_match else { return false };
        tags.split(',').any(|tag| {
            let bare = tag.trim().trim_start_matches("W/").trim_matches('"');
            bare == "*" || bare.strip_suffix(GZIPPED).unwrap_or(bare) == etag
        })
    }
}

/// All values of a header as one list.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Whether gzip is welcome at least as much as no encoding at all.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let Some(accepted) = joined(headers, &ACCEPT_ENCODING) else { return false };
    let (mut gzip, mut any, mut identity) = (None, None, 0.0);
    for one in accepted.split(',') {
        let (coding, parameters) = one.split_once(';').unwrap_or((one, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = Some(weight),
            "*" => any = Some(weight),
            "identity" => identity = weight,
            _ => {}
        }
    }
    let weight = gzip.or(any).unwrap_or(0.0);
    weight > 0.0 && weight >= identity
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

    use super::Conditions;

    #[test]
    fn gzip_is_weighed() {
        let gzip = |accepted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().expect("a value"));
            Conditions::of(&headers).gzip
        };
        for yes in ["gzip", "br, GZIP;q=0.5", "*", "gzip, deflate, br", "identity;q=0.5, gzip"] {
            assert!(gzip(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0, *", "gzip;q=0.5, identity"] {
            assert!(!gzip(no), "{no}");
        }
    }

    #[test]
    fn a_condition_holds_for_either_encoding() {
        let holds = |condition: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, condition.parse().expect("a value"));
            Conditions::of(&headers).holds("ab12")
        };
        for yes in ["\"ab12\"", "W/\"ab12\"", "\"ab12-gzip\"", "\"x\", \"ab12\"", "*"] {
            assert!(holds(yes), "{yes}");
        }
        assert!(!holds("\"ab\"") && !holds("\"ab123\""));
    }
}
