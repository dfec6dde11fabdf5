//! What a request says of how it wants its answer.

use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue};

use crate::delivery::{Answer, Encoding};

/// The headers of a request that decide how an answer is sent.
#[derive(Clone, Debug)]
pub(in crate::api) struct Conditions {
    if_none_match: Option<HeaderValue>,
    /// The encoding that is most welcome; identity is always allowed.
    pub(super) encoding: Encoding,
}

impl Conditions {
    /// Reads them.
    pub(in crate::api) fn of(headers: &HeaderMap) -> Self {
        Self { if_none_match: if_none_match(headers), encoding: welcome(headers) }
    }

    /// The same for an answer that is sent as it is.
    pub(super) fn plain(&self) -> Self {
        Self { encoding: Encoding::Identity, ..self.clone() }
    }

    /// Whether the client wants a shorter form of a body than it has yet.
    pub(in crate::api) fn await_form_of(&self, answer: &Answer) -> bool {
        self.encoding != Encoding::Identity && answer.is_being_compressed()
    }

    /// Whether the client has the body with this fingerprint, in whatever encoding.
    pub(super) fn holds<'a>(&self, etag: impl FnOnce() -> &'a str) -> bool {
        let Some(tags) = self.if_none_match.as_ref().and_then(|tags| tags.to_str().ok()) else { return false };
        let etag = etag();
        tags.split(',').any(|tag| {
            let bare = tag.trim().trim_start_matches("W/").trim_matches('"');
            let plain = [Encoding::Gzip, Encoding::Brotli].into_iter().find_map(|one| bare.strip_suffix(one.suffix()));
            bare == "*" || plain.unwrap_or(bare) == etag
        })
    }
}

/// All its values as one list; nearly always there is only one, which is not copied.
fn if_none_match(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut values = headers.get_all(IF_NONE_MATCH).iter();
    let first = values.next()?;
    Some(values.fold(first.clone(), |list, value| {
        HeaderValue::from_bytes(&[list.as_bytes(), b",", value.as_bytes()].concat()).unwrap_or(list)
    }))
}

/// The encoding with the largest weight in `Accept-Encoding`; of equal ones the one that saves most.
fn welcome(headers: &HeaderMap) -> Encoding {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let (mut brotli, mut gzip, mut any, mut identity) = (None, None, None, 0.0);
    for one in accepted.flat_map(|list| list.split(',')) {
        let (coding, parameters) = one.split_once(';').unwrap_or((one, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
        let coding = coding.trim();
        let is = |name: &str| coding.eq_ignore_ascii_case(name);
        if is("br") {
            brotli = Some(weight);
        } else if is("gzip") || is("x-gzip") {
            gzip = Some(weight);
        } else if is("*") {
            any = Some(weight);
        } else if is("identity") {
            identity = weight;
        }
    }
    let (brotli, gzip) = (brotli.or(any).unwrap_or(0.0), gzip.or(any).unwrap_or(0.0));
    if brotli > 0.0 && brotli >= gzip && brotli >= identity {
        Encoding::Brotli
    } else if gzip > 0.0 && gzip >= identity {
        Encoding::Gzip
    } else {
        Encoding::Identity
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};

    use super::Conditions;
    use crate::delivery::Encoding;

    #[test]
    fn encodings_are_weighed() {
        let encoding = |accepted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().expect("a value"));
            Conditions::of(&headers).encoding
        };
        for brotli in ["br", "gzip, deflate, br", "*", "br;q=0.5, gzip;q=0.5", "identity;q=0.5, br"] {
            assert_eq!(encoding(brotli), Encoding::Brotli, "{brotli}");
        }
        for gzip in ["gzip", "br;q=0.4, GZIP;q=0.5", "gzip, br;q=0", "br;q=0, *", "identity;q=0.5, gzip"] {
            assert_eq!(encoding(gzip), Encoding::Gzip, "{gzip}");
        }
        for neither in ["", "identity", "gzip;q=0", "*;q=0", "deflate", "gzip;q=0.5, identity"] {
            assert_eq!(encoding(neither), Encoding::Identity, "{neither}");
        }
    }

    #[test]
    fn a_condition_holds_for_either_encoding() {
        let holds = |condition: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, condition.parse().expect("a value"));
            Conditions::of(&headers).holds(|| "ab12")
        };
        for yes in ["\"ab12\"", "W/\"ab12\"", "\"ab12-gzip\"", "W/\"ab12-br\"", "\"x\", \"ab12\"", "*"] {
            assert!(holds(yes), "{yes}");
        }
        assert!(!holds("\"ab\"") && !holds("\"ab123\""));
    }
}
