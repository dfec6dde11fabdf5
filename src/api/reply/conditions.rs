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
    /// Reads them. In one pass: most requests carry few headers, and to look for one costs as much as passing five.
    pub(in crate::api) fn of(headers: &HeaderMap) -> Self {
        let (mut if_none_match, mut welcome) = (None, Welcome::default());
        for (name, value) in headers {
            if *name == ACCEPT_ENCODING {
                welcome.read(value);
            } else if *name == IF_NONE_MATCH {
                if_none_match = Some(joined(if_none_match, value));
            }
        }
        Self { if_none_match, encoding: welcome.most() }
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

/// A list with one more value; nearly always there is only one, which is not copied.
fn joined(list: Option<HeaderValue>, value: &HeaderValue) -> HeaderValue {
    let Some(list) = list else { return value.clone() };
    HeaderValue::from_bytes(&[list.as_bytes(), b",", value.as_bytes()].concat()).unwrap_or(list)
}

/// How welcome encodings are, as `Accept-Encoding` weighs them.
#[derive(Default)]
struct Welcome {
    brotli: Option<f32>,
    gzip: Option<f32>,
    any: Option<f32>,
    identity: f32,
}

impl Welcome {
    /// Reads one header of that name.
    fn read(&mut self, accepted: &HeaderValue) {
        for one in accepted.to_str().unwrap_or_default().split(',') {
            let (coding, parameters) = one.split_once(';').unwrap_or((one, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            let coding = coding.trim();
            let is = |name: &str| coding.eq_ignore_ascii_case(name);
            if is("br") {
                self.brotli = Some(weight);
            } else if is("gzip") || is("x-gzip") {
                self.gzip = Some(weight);
            } else if is("*") {
                self.any = Some(weight);
            } else if is("identity") {
                self.identity = weight;
            }
        }
    }

    /// The most welcome encoding; of equal ones the one that saves most.
    fn most(&self) -> Encoding {
        let weight = |of: Option<f32>| of.or(self.any).unwrap_or(0.0);
        let (brotli, gzip) = (weight(self.brotli), weight(self.gzip));
        if brotli > 0.0 && brotli >= gzip && brotli >= self.identity {
            Encoding::Brotli
        } else if gzip > 0.0 && gzip >= self.identity {
            Encoding::Gzip
        } else {
            Encoding::Identity
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
    use axum::http::{HeaderMap, HeaderValue};

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
    fn headers_of_one_name_are_one_list() {
        let mut headers = HeaderMap::new();
        for (encoding, tag) in [("br;q=0.4", "\"x\""), ("gzip;q=0.5", "\"ab12\"")] {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(encoding));
            headers.append(IF_NONE_MATCH, HeaderValue::from_static(tag));
        }
        let conditions = Conditions::of(&headers);
        assert_eq!(conditions.encoding, Encoding::Gzip);
        assert!(conditions.holds(|| "x") && conditions.holds(|| "ab12") && !conditions.holds(|| "y"));
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
