//! What people and scripts are told when something does not work.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::authoring;
use crate::content::field::Problem;
use crate::intake;
use crate::store;
use crate::work::Undone;

/// The status that the tus protocol has for a piece that is not the one its checksum was made of.
const CHECKSUM: u16 = 460;

/// Why a request was not done: what happened, what it means, what to do.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    /// One word for scripts.
    pub(super) error: &'static str,
    /// Sentences for people.
    pub(super) message: String,
    /// More for scripts, beside `error` and `message`.
    more: Box<Map<String, Value>>,
    retry_after: Option<u32>,
}

impl Refused {
    /// Refuses with a word for scripts and sentences for people.
    pub(super) fn new(status: StatusCode, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, error, message: message.into(), more: Box::default(), retry_after: None }
    }

    /// Tells scripts more.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.into(), value.into());
        self
    }

    /// Says how many seconds to wait before trying again.
    pub(super) fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Says so on a page that was made of it.
    pub(super) fn with_pause(&self, mut page: Response) -> Response {
        if let Some(seconds) = self.retry_after {
            page.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        page
    }

    /// Whether it is about what somebody typed, which the form then shows again.
    pub(super) fn is_about_input(&self) -> bool {
        matches!(
            self.status,
            StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::CONFLICT
                | StatusCode::UNAUTHORIZED
                | StatusCode::TOO_MANY_REQUESTS
        )
    }

    /// What is wrong with which field: the first sentence for each.
    pub(super) fn problems(&self) -> BTreeMap<String, String> {
        let by_path = self.more.get("problems").and_then(Value::as_object);
        let first = |(path, texts): (&String, &Value)| Some((path.clone(), texts.get(0)?.as_str()?.to_owned()));
        by_path.into_iter().flatten().filter_map(first).collect()
    }

    /// Shows a form that was refused again: `page` draws it with what is wrong, by field. What is not about what was typed
    /// stays an error.
    ///
    /// # Errors
    /// This one, and those of the page.
    pub(super) async fn form_again<Page>(
        self,
        page: impl FnOnce(BTreeMap<String, String>) -> Page,
    ) -> Result<Response, Self>
    where
        Page: Future<Output = Result<Response, Self>>,
    {
        if !self.is_about_input() {
            return Err(self);
        }
        let mut page = page(self.problems()).await?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(page)
    }

    /// There is no such page or thing.
    pub(super) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing at this address. It may have been deleted or renamed: look for it in the lists.",
        )
    }

    /// Nobody is signed in.
    pub(super) fn sign_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signin", "Your sign-in has ended. Sign in again to go on.")
    }

    /// The change was not sent by a page of this session.
    pub(super) fn csrf() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "csrf",
            "This page is from an earlier sign-in, so the change was not made. Load the page again and repeat it.",
        )
    }

    /// The person's role does not allow it.
    pub(super) fn no_right(what: &str) -> Self {
        let message = format!("Your role does not allow you to {what}. An owner of the site can change your role.");
        Self::new(StatusCode::FORBIDDEN, "no_right", message)
    }

    /// An address would change, and nobody has said what becomes of its visitors.
    pub(super) fn moves(from: &str, to: &str) -> Self {
        let message = format!("The address changes from {from} to {to}. Say whether visitors are sent along.");
        Self::new(StatusCode::CONFLICT, "moves", message).with("from", from).with("to", to)
    }

    /// What was sent cannot be understood.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// Fields break rules.
    pub(super) fn invalid(problems: &[Problem]) -> Self {
        let mut by_path: Map<String, Value> = Map::new();
        for problem in problems {
            let list = by_path.entry(problem.path.clone()).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(problem.text.clone().into());
            }
        }
        let message = match problems {
            [one] => one.text.clone(),
            many => format!("{} fields need attention.", many.len()),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message).with("problems", by_path)
    }

    /// Whether it is about what stands in an entry or happened to it, so that people go back to it.
    pub(super) fn is_about_content(&self) -> bool {
        matches!(self.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT)
    }

    /// A fault of ours.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong in larder itself. Nothing you typed is lost; try again, and tell a developer if it stays.",
        )
    }

    /// The database does not answer or does not take changes.
    pub(super) fn of_store(error: &store::Error) -> Self {
        if let Some(elsewhere) = error.elsewhere() {
            return Self::later(elsewhere);
        }
        tracing::error!(%error, "the dashboard waits for the database");
        let message = if error.is_unknown() {
            format!("The change may or may not have been saved: {}. Look before you repeat it.", error.in_public())
        } else {
            format!("The content cannot be reached right now: {}. Try again in a moment.", error.in_public())
        };
        Self::later(message)
    }

    fn later(message: impl Into<String>) -> Self {
        Self { retry_after: Some(2), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message) }
    }
}

impl From<Undone> for Refused {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Busy => Self::later("The server is busy. Try again in a moment."),
            Undone::Broken => Self::internal(),
        }
    }
}

impl From<intake::Error> for Refused {
    fn from(error: intake::Error) -> Self {
        use intake::Error;
        let (status, word) = match error {
            Error::Authoring(error) => return error.into(),
            Error::Undone(undone) => return undone.into(),
            Error::Storage(ref why) => {
                tracing::error!(%why, "a file that came in cannot be written");
                (StatusCode::INSUFFICIENT_STORAGE, "storage")
            }
            Error::Fetch(_) | Error::Unusable(_) | Error::NotNow(_) => (StatusCode::UNPROCESSABLE_ENTITY, "address"),
            Error::Bad(_) | Error::Empty | Error::Broken => (StatusCode::BAD_REQUEST, "bad_request"),
            Error::Version => (StatusCode::PRECONDITION_FAILED, "version"),
            Error::NoUpload => (StatusCode::NOT_FOUND, "not_found"),
            Error::Offset(_) => (StatusCode::CONFLICT, "offset"),
            Error::Checksum => (StatusCode::from_u16(CHECKSUM).unwrap_or(StatusCode::BAD_REQUEST), "checksum"),
            Error::TooLarge(_) | Error::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Error::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
            Error::Taken => (StatusCode::LOCKED, "taken"),
            Error::Kind => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "piece"),
        };
        Self::new(status, word, error.to_string())
    }
}

impl From<authoring::Error> for Refused {
    fn from(error: authoring::Error) -> Self {
        use authoring::Error;
        match error {
            Error::Invalid(problems) => Self::invalid(&problems),
            Error::NotFound(what) => Self::new(
                StatusCode::NOT_FOUND,
                "not_found",
                format!("There is no such {what} any more. It may have been deleted."),
            ),
            Error::Changed { ref by, at, rev } => Self::new(StatusCode::CONFLICT, "changed", error.to_string())
                .with("by", by.clone())
                .with("at", at.to_string())
                .with("rev", rev.map(|rev| rev.0)),
            Error::Deleted { by, at } => {
                let who = by.as_deref().unwrap_or("Somebody");
                let message =
                    format!("{who} deleted this meanwhile. Your text is still here: restore the entry, or copy it.");
                Self::new(StatusCode::GONE, "deleted", message).with("by", by).with("at", at.to_string())
            }
            Error::Unusable(message) => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "type", message),
            Error::Storage(message) => Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage", message),
            Error::Shown { total, .. } => {
                Self::new(StatusCode::CONFLICT, "in_use", error.to_string()).with("used", total)
            }
            Error::Ambiguous | Error::InUse(_) | Error::Refused(_) => {
                Self::new(StatusCode::CONFLICT, "refused", error.to_string())
            }
            Error::Store(error) => Self::of_store(&error),
        }
    }
}

impl IntoResponse for Refused {
    /// JSON; [`super::guard::finish`] makes a page of it for those who asked for one.
    fn into_response(self) -> Response {
        let mut body = json!({"error": self.error, "message": self.message});
        if let Value::Object(members) = &mut body {
            members.extend((*self.more).clone());
        }
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Where there is no page.
pub(super) async fn nowhere() -> Refused {
    Refused::not_found()
}
