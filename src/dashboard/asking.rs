//! A request to do something to an entry: who, what, to which entry, sent by a script or a plain form.

use std::time::Instant;

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::{IntoResponse as _, Response};

use serde_json::json;

use super::error::Refused;
use super::form::{Sent, wants_json};
use super::guard::{Signed, Taken};
use super::notes::Note;
use super::reach::{Reached, Wanted, reach};
use super::{Dashboard, address};
use crate::authoring::{Signature, now, status};
use crate::content::entry::{EntryId, RevisionId, Variant};

/// The request.
pub(super) struct Asking {
    pub(super) dashboard: Dashboard,
    pub(super) signed: Signed,
    /// Which entry.
    pub(super) wanted: Wanted,
    /// What was sent with it.
    pub(super) sent: Sent,
    /// Whether a script asks.
    pub(super) json: bool,
    /// When the server took it.
    pub(super) taken: Instant,
}

impl FromRequest<Dashboard> for Asking {
    type Rejection = Refused;

    async fn from_request(request: Request, dashboard: &Dashboard) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, dashboard).await?;
        let mut wanted = Wanted::from_request_parts(&mut parts, dashboard).await?;
        let json = wants_json(&parts.headers);
        let taken = parts.extensions.get::<Taken>().map_or_else(Instant::now, |taken| taken.0);
        let sent = Sent::from_request(Request::from_parts(parts, body), dashboard).await?;
        if let Some(locale) = sent.find("locale") {
            wanted.locale = locale.to_owned();
        }
        Ok(Self { dashboard: dashboard.clone(), signed, wanted, sent, json, taken })
    }
}

impl Asking {
    /// The entry, if this person may see it.
    pub(super) async fn reached(&self) -> Result<Reached, Refused> {
        let (signed, wanted) = (self.signed.clone(), self.wanted.clone());
        self.dashboard.read(move |read| reach(read, &signed, &wanted)).await
    }

    /// The revision that the person saw.
    pub(super) fn base(&self) -> Result<Option<RevisionId>, Refused> {
        self.number("base").map(|base| base.map(RevisionId))
    }

    /// A number that was sent.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refused> {
        match self.sent.text(name) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Refused::bad(format!("`{name}` is a number."))),
        }
    }

    /// Whether a switch was sent as on.
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.sent.text(name), "1" | "true" | "on" | "yes")
    }

    /// The person who asks, now.
    pub(super) fn signature(&self) -> Signature {
        self.signed.signature()
    }

    /// A page to go on with, which says what happened.
    pub(super) fn redirect(&self, to: &str, title: &str, detail: &str, kind: &'static str) -> Response {
        let note = Note { title: title.into(), detail: detail.into(), kind };
        self.dashboard.go_on(&self.signed, to, note)
    }

    /// Tells everybody who has the entry open what happened to it.
    pub(super) fn announce(&self, event: &str, entry: EntryId, variant: Option<&Variant>) {
        let user = &self.signed.user;
        let told = json!({
            "rev": variant.and_then(|variant| variant.draft.or(variant.live)),
            "status": variant.map_or("deleted", |variant| status(Some(variant))),
            "by": user.name,
            "user": user.id,
            "client": self.sent.text("client"),
            "at": now(),
        });
        self.dashboard.presence.tell(entry, event, &told);
    }

    /// What was refused: for scripts as it is, for people on the page they came from.
    pub(super) fn refused(&self, reached: &Reached, refused: Refused, model_query: &str) -> Response {
        if self.json || !refused.is_about_content() {
            return refused.into_response();
        }
        let to = format!("{}{model_query}", address::entry(&reached.schema, reached.entry.id));
        self.redirect(&to, &refused.message, &refused.problems().into_values().collect::<Vec<_>>().join(" "), "error")
    }
}
