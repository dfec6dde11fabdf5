//! How a question is spelled: in the request, and in the key of its copy.

use percent_encoding::{utf8_percent_encode, AsciiSet, NON_ALPHANUMERIC};

use crate::error::{Error, Kind};
use crate::settings::Limits;

/// Parameters of a read.
pub type Params<'a> = [(&'a str, &'a str)];

/// Everything but ASCII letters, digits and `-._~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a read asks.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Path and query below `/v2`, without the token.
    pub(crate) text: String,
    /// In the store; `None` for previews, which have no copies.
    pub(crate) key: Option<String>,
    pub(crate) limits: Limits,
}

impl Question {
    /// The name of the calls that may share an answer: callers with other limits do not wait for each other.
    pub(crate) fn flight(&self) -> String {
        let Limits { timeout, try_timeout, retries } = self.limits;
        format!("{} {timeout:?} {try_timeout:?} {retries}", self.text)
    }
}

/// `/posts/jam/` of `posts` and `jam`.
pub(crate) fn path(parts: &[&str]) -> Result<String, Error> {
    if parts.iter().any(|part| matches!(*part, "." | "..")) {
        return Err(Error::new(Kind::BadRequest, format!("{} is not a path", parts.join("/"))));
    }
    Ok(parts.iter().fold("/".to_owned(), |path, part| path + &escape(part) + "/"))
}

/// `?a=1&b=2`, sorted, so that one question has one spelling; empty without parameters.
pub(crate) fn query(params: &std::collections::BTreeMap<&str, &str>) -> String {
    let pairs: Vec<String> = params.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

pub(crate) fn is_on(value: Option<&&str>) -> bool {
    value.is_some_and(|value| *value == "1" || value.eq_ignore_ascii_case("true"))
}

/// 32-bit FNV-1a: tells sites in one store apart without giving the token away.
pub(crate) fn hash(text: &str) -> String {
    let value = text.bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{value:08x}")
}
