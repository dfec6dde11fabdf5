//! Query parameters: read leniently, normalised once.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::caller::Caller;
use super::error::Refusal;
use crate::content::entry::View;
use crate::delivery::{LEVELS, Look, MAX_LEVELS, MAX_PAGE_SIZE, PAGE_SIZE, Paging};

/// The largest offset a database can count to.
const MAX_OFFSET: u64 = i64::MAX.unsigned_abs();

/// The parameters by name. Of one that was sent twice, the last value counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(BTreeMap<String, String>);

impl Params {
    /// Reads a query string; what is not UTF-8 becomes replacement characters.
    pub(super) fn read(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// A parameter's value.
    pub(super) fn last(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter's value, unless it is blank.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.last(name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether a switch is on.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.last(name), Some("1" | "true" | "True" | "TRUE"))
    }

    /// Which revisions the caller wants to see and may. `test` is an older name of `preview`.
    pub(super) fn view(&self, caller: &Caller) -> View {
        View::preview(caller.may_preview() && (self.flag("preview") || self.flag("test")))
    }

    /// How pages and items are to be shown.
    ///
    /// # Errors
    /// `levels` that is no number.
    pub(super) fn look(&self, caller: &Caller) -> Result<Look, Refusal> {
        Ok(Look {
            view: self.view(caller),
            locale: self.text("locale"),
            levels: self.levels()?,
            alt: self.flag("alt_media_text"),
        })
    }

    fn levels(&self) -> Result<u8, Refusal> {
        let Some(text) = self.last("levels") else { return Ok(LEVELS) };
        let digits = text.strip_prefix('-').unwrap_or(text);
        let number = number(digits).ok_or_else(Refusal::levels)?;
        let wanted = if digits.len() < text.len() { 0 } else { number };
        Ok(u8::try_from(wanted).unwrap_or(MAX_LEVELS).clamp(1, MAX_LEVELS))
    }

    /// Which part of a list: by page, or by offset when only that is asked for.
    ///
    /// # Errors
    /// Names the first parameter that is no number, or too small.
    pub(super) fn paging(&self) -> Result<Paging, Refusal> {
        let by_page = self.has("page") || self.has("page_size");
        if by_page || !(self.has("limit") || self.has("offset")) {
            return self.pages();
        }
        Ok(Paging::Window { limit: self.size("limit")?, offset: self.number("offset", 0, 0)?.min(MAX_OFFSET) })
    }

    /// Which page of a list that has no offsets.
    ///
    /// # Errors
    /// Names the first parameter that is no positive number.
    pub(super) fn pages(&self) -> Result<Paging, Refusal> {
        Ok(Paging::Pages { page: self.number("page", 1, 1)?, size: self.size("page_size")? })
    }

    /// Which page, if one was asked for.
    ///
    /// # Errors
    /// As [`Params::pages`].
    pub(super) fn pages_if_any(&self) -> Result<Option<Paging>, Refusal> {
        if self.has("page") || self.has("page_size") { self.pages().map(Some) } else { Ok(None) }
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn size(&self, name: &str) -> Result<u64, Refusal> {
        Ok(self.number(name, PAGE_SIZE, 1)?.min(MAX_PAGE_SIZE))
    }

    fn number(&self, name: &str, default: u64, least: u64) -> Result<u64, Refusal> {
        let Some(text) = self.last(name) else { return Ok(default) };
        number(text).filter(|number| *number >= least).ok_or_else(|| Refusal::parameter(name))
    }

    /// What is asked of fields, by path.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let asked = self.0.iter().filter_map(|(name, text)| Some((name.strip_prefix("fields.")?, text)));
        asked.map(|(path, text)| (path.to_owned(), text.clone())).collect()
    }
}

/// A number as large as it may be; one that is larger still is the largest there is.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::read(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::Params;
    use crate::delivery::Paging;

    fn paging(query: &str) -> Option<Paging> {
        Params::read(query).paging().ok()
    }

    #[test]
    fn paging_has_defaults_and_limits() {
        assert_eq!(paging(""), Some(Paging::Pages { page: 1, size: 10 }));
        assert_eq!(paging("page_size=1000&limit=x"), Some(Paging::Pages { page: 1, size: 100 }));
        assert_eq!(paging("limit=5"), Some(Paging::Window { limit: 5, offset: 0 }));
        for wrong in ["page=0", "page=", "page=-1", "page=1.5", "page=%D9%A3", "limit=0", "offset=-1", "offset=x"] {
            assert_eq!(paging(wrong), None, "{wrong}");
        }
        assert!(paging(&format!("page={}", "9".repeat(50))).is_some());
    }

    #[test]
    fn levels_are_clamped() {
        let levels = |query: &str| Params::read(query).levels().ok();
        assert_eq!(levels(""), Some(2));
        assert_eq!(levels("levels=0"), Some(1));
        assert_eq!(levels("levels=-7"), Some(1));
        assert_eq!(levels("levels=99999999999999999999999"), Some(5));
        assert_eq!(levels("levels=two"), None);
    }

    #[test]
    fn the_last_value_counts() {
        let params = Params::read("a=1&b=%ff&a=2&fields.x=y&fields.a.b=");
        assert_eq!(params.last("a"), Some("2"));
        assert_eq!(params.last("b"), Some("\u{fffd}"));
        assert_eq!(params.fields(), [("a.b".into(), String::new()), ("x".into(), "y".into())]);
    }
}
