//! Everything the API says no with: its statuses and its words.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::reply;
use crate::authoring;
use crate::content::field::Problem;
use crate::content::moment::Moment;
use crate::delivery::{self, MOST_IN_THE_PAST};
use crate::intake;
use crate::work::Undone;

/// When a client may try again after the database did not answer, in seconds.
const SOON: u32 = 1;
/// The status that the tus protocol has for a piece that is not the one its checksum was made of.
const CHECKSUM: u16 = 460;

/// A request that is not granted.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: Value,
    retry_after: Option<u32>,
}

impl Refusal {
    fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body, retry_after: None }
    }

    fn detail(status: StatusCode, text: &str) -> Self {
        Self::new(status, delivery::detail(text))
    }

    fn later(text: &str) -> Self {
        Self { retry_after: Some(SOON), ..Self::detail(StatusCode::SERVICE_UNAVAILABLE, text) }
    }

    /// No such route or thing.
    pub(super) fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// No token, or one that may not do this.
    pub(super) fn no_credentials() -> Self {
        Self::detail(StatusCode::UNAUTHORIZED, "Authentication credentials were not provided.")
    }

    /// A token that is none of ours.
    pub(super) fn invalid_token() -> Self {
        Self::detail(StatusCode::UNAUTHORIZED, "Invalid token.")
    }

    /// The key to one entry's draft, used for anything else.
    pub(super) fn previews_only() -> Self {
        let text = "This preview token shows one entry only: ask for that entry with preview=1, and for everything \
            else with another token.";
        Self::detail(StatusCode::FORBIDDEN, text)
    }

    /// The route does not have this method.
    pub(super) fn method_not_allowed(method: &Method) -> Self {
        Self::detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Method \"{method}\" not allowed."))
    }

    /// A query parameter that makes no sense.
    pub(super) fn parameter(name: &str) -> Self {
        Self::detail(StatusCode::BAD_REQUEST, &format!("Invalid {name} parameter"))
    }

    /// `levels` that is no number.
    pub(super) fn levels() -> Self {
        let text = "levels query parameter should be an integer between 1 and 5 (inclusive)";
        Self::detail(StatusCode::BAD_REQUEST, text)
    }

    /// A look back by who may not.
    pub(super) fn no_looking_back() -> Self {
        let text = "as_of answers whoever sends a write token in the Authorization header, and developers who are \
            signed in to the dashboard in this browser.";
        Self::detail(StatusCode::FORBIDDEN, text)
    }

    /// A look forward.
    pub(super) fn not_yet(moment: Moment) -> Self {
        Self::detail(StatusCode::BAD_REQUEST, &format!("as_of is a moment that has not come yet: {moment}"))
    }

    /// A look back at what readers never saw.
    pub(super) fn no_past_drafts() -> Self {
        let text = "as_of answers what readers were shown: it cannot be asked together with preview.";
        Self::detail(StatusCode::BAD_REQUEST, text)
    }

    /// A look back at more than can be indexed for it.
    pub(super) fn past_too_large() -> Self {
        let text = format!(
            "The site had more than {MOST_IN_THE_PAST} published entries then, which is more than as_of looks back at. \
             Restore a backup of that time beside the site instead."
        );
        Self::detail(StatusCode::BAD_REQUEST, &text)
    }

    /// Work that was not done.
    pub(super) fn undone(undone: Undone) -> Self {
        match undone {
            Undone::Busy => Self::busy(),
            Undone::Broken => Self::internal(),
        }
    }

    /// A locale the site does not have.
    pub(super) fn unknown_locale() -> Self {
        Self::parameter("locale")
    }

    /// A body that is no JSON.
    pub(super) fn malformed() -> Self {
        Self::detail(StatusCode::BAD_REQUEST, "JSON parse error")
    }

    /// A body over the limit.
    pub(super) fn too_large() -> Self {
        Self::detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large.")
    }

    /// A byte range that lies outside of the file.
    pub(super) fn no_such_range() -> Self {
        Self::detail(StatusCode::RANGE_NOT_SATISFIABLE, "The file has no such range.")
    }

    /// A picture in a size that the site makes only for signed addresses.
    pub(super) fn unknown_size(widths: &[u32]) -> Self {
        let known = widths.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let text = format!(
            "This site makes pictures in known sizes only, and this address asks for something else. Use one of its \
             widths ({known}), the sizes of its picture fields or an address that its content holds, or sign the \
             address with `larder media sign` or POST /media/sign."
        );
        Self::detail(StatusCode::FORBIDDEN, &text)
    }

    /// A write that cannot be, for a reason that belongs to no field.
    pub(super) fn general(text: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, json!({"error": text}))
    }

    /// A file that cannot be opened as a picture.
    pub(super) fn no_picture(why: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, json!({"error": format!("This picture cannot be changed: {why}.")}))
    }

    /// A write that breaks rules of its fields.
    pub(super) fn invalid(problems: &[Problem]) -> Self {
        let mut by_field: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for problem in problems {
            by_field.entry(&problem.path).or_default().push(&problem.text);
        }
        Self::new(StatusCode::BAD_REQUEST, json!(by_field))
    }

    /// More work is waiting than can be done.
    pub(super) fn busy() -> Self {
        Self::later("The server is busy. Try again in a moment.")
    }

    /// A client has seen more than this standby has.
    pub(super) fn behind() -> Self {
        Self::later("This standby has not come as far as the transaction you have seen. Try again in a moment.")
    }

    /// The database does not answer.
    pub(super) fn unavailable(why: &str) -> Self {
        Self::later(&format!("The content is not available right now: {why}. Try again in a moment."))
    }

    /// The database does not take a change.
    fn unchanged(why: &str) -> Self {
        Self::later(&format!("Nothing was changed: {why}. Try again in a moment."))
    }

    /// The database broke off while a change was being saved.
    fn unknown(why: &str) -> Self {
        Self::later(&format!("The change may or may not have been saved: {why}. Look before making it again."))
    }

    /// A fault of ours.
    pub(super) fn internal() -> Self {
        Self::detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }

    /// What to say instead of an answer that axum itself gave, in plain text.
    pub(super) fn for_framework(status: StatusCode) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            // A path that cannot be decoded names nothing.
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Self::not_found(),
            _ => Self::internal(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        reply::refusal(self.status, &self.body, self.retry_after)
    }
}

impl From<delivery::Error> for Refusal {
    fn from(error: delivery::Error) -> Self {
        tracing::error!(%error, "a question could not be answered");
        Self::unavailable(error.in_public())
    }
}

impl From<intake::Error> for Refusal {
    fn from(error: intake::Error) -> Self {
        use intake::Error;
        let status = match error {
            Error::Authoring(error) => return error.into(),
            Error::Undone(Undone::Busy) => return Self::busy(),
            Error::Undone(Undone::Broken) => return Self::internal(),
            Error::Storage(ref why) => {
                tracing::error!(%why, "a file that came in cannot be written");
                StatusCode::INSUFFICIENT_STORAGE
            }
            Error::Fetch(_) | Error::Unusable(_) | Error::NotNow(_) => {
                return Self::invalid(&[Problem { path: "url".into(), text: error.to_string() }]);
            }
            Error::Bad(_) | Error::Empty | Error::Broken => StatusCode::BAD_REQUEST,
            Error::Version => StatusCode::PRECONDITION_FAILED,
            Error::NoUpload => StatusCode::NOT_FOUND,
            Error::Offset(_) => StatusCode::CONFLICT,
            Error::Checksum => StatusCode::from_u16(CHECKSUM).unwrap_or(StatusCode::BAD_REQUEST),
            Error::TooLarge(_) | Error::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Taken => StatusCode::LOCKED,
            Error::Kind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        };
        Self::detail(status, &error.to_string())
    }
}

impl From<authoring::Error> for Refusal {
    fn from(error: authoring::Error) -> Self {
        use authoring::Error;
        match error {
            Error::Invalid(problems) => Self::invalid(&problems),
            Error::NotFound("page") => Self::detail(StatusCode::NOT_FOUND, "Page not found."),
            Error::NotFound(_) | Error::Deleted { .. } => Self::not_found(),
            Error::Ambiguous => Self::detail(StatusCode::FORBIDDEN, "Multiple pages found. Specify a page type."),
            Error::Changed { .. } | Error::InUse(_) | Error::Shown { .. } | Error::Unusable(_) | Error::Refused(_) => {
                Self::general(&error.to_string())
            }
            Error::Storage(why) => Self::detail(StatusCode::INSUFFICIENT_STORAGE, &why),
            Error::Store(error) => {
                if let Some(elsewhere) = error.elsewhere() {
                    return Self::later(&elsewhere);
                }
                tracing::error!(%error, "a change could not be made");
                if error.is_unknown() { Self::unknown(error.in_public()) } else { Self::unchanged(error.in_public()) }
            }
        }
    }
}
