//! Redirects: as a collection that nobody has to define, and as hosts read them.

use serde_json::{Value, json};

use super::body::{Build, Stop};
use super::query::Paging;
use super::refusal::Refusal;
use super::shape;
use crate::content::redirect::{Host, Redirect};

/// What the redirects are called among collections.
const KEY: &str = "redirects";

impl Build<'_> {
    pub(super) fn redirects(&mut self, paging: Paging) -> Result<Value, Stop> {
        // As every answer does: a new model, or a site that is filled anew, makes it old.
        self.recorder.model();
        let (redirects, count) = self.recorder.redirects(paging.offset(), paging.limit())?;
        if paging.is_past(count) {
            return Err(Refusal::NoSuchListPage.into());
        }
        let shown: Vec<Value> = redirects.iter().map(shown).collect();
        Ok(shape::with_meta(shape::items_meta(paging, count), json!({KEY: shown})))
    }

    /// A text, in JSON as feeds of posts are.
    pub(super) fn redirect_feed(&mut self, host: Host) -> Result<Value, Stop> {
        self.recorder.model();
        let (redirects, _) = self.recorder.redirects(0, i64::MAX.unsigned_abs())?;
        Ok(shape::one(host.text(redirects.iter().map(|redirect| &redirect.rule)).into()))
    }
}

fn shown(Redirect { id, rule, .. }: &Redirect) -> Value {
    json!({"meta": {"id": id}, "from": rule.from, "to": rule.to, "status": rule.status})
}
