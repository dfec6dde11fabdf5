//! `/admin/media`: the library of pictures and files.
//!
//! The address says everything about what is shown. Everybody who is signed in sees the library; to describe takes
//! [`Right::WriteOwn`], to replace and to keep folders [`Right::Write`], to delete [`Right::Delete`].

mod bulk;
mod change;
mod details;
mod download;
mod folders;
mod narrowing;
mod pick;
mod replace;
mod shelf;
mod tile;
mod trash;
mod undo;
mod used;
mod versions;
mod wanted;
mod words;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use minijinja::{Value, context};
use serde_json::json;

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use super::list::is_fragment;
use super::nav::Section;
use super::notes::Note;
use super::view::Screen;
use crate::account::Right;
use crate::store::Read;

use shelf::Shelf;
pub(super) use undo::Undos;
use wanted::Wanted;

/// The library.
pub(super) const LIBRARY: &str = "/admin/media";

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_TRIGGER: HeaderName = HeaderName::from_static("hx-trigger");

/// The routes of the library, but for uploads.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(LIBRARY, get(show))
        .merge(pick::routes())
        .merge(trash::routes())
        .merge(bulk::routes())
        .merge(undo::routes())
        .merge(download::routes())
        .merge(folders::routes())
        .merge(details::routes())
        .merge(change::routes())
        .merge(replace::routes())
        .merge(versions::routes())
}

/// Where a picture or file is shown.
pub(super) fn address(id: &str) -> String {
    format!("{LIBRARY}/{id}")
}

/// What a person may do in the library.
fn rights(signed: &Signed) -> Value {
    let user = &signed.user;
    context! {
        writes => user.may(Right::WriteOwn),
        keeps => user.may(Right::Write),
        deletes => user.may(Right::Delete),
    }
}

/// The library, or the part of the page that changes.
async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let wanted = Wanted::read(&query.unwrap_or_default());
    let asked = signed.clone();
    let shelf = move |read: &Read<'_>| {
        let shelf = Shelf::open(read, wanted, LIBRARY)?;
        Ok(context! { may => rights(&asked), csrf => asked.csrf.clone(), ..shelf.context()? })
    };
    if is_fragment(&headers) {
        let view = dashboard.view.clone();
        return dashboard
            .read(move |read| {
                let shown = context! { fragment => true, ..shelf(read)? };
                Ok(Html(view.render("library/fragment.html", shown)?).into_response())
            })
            .await;
    }
    dashboard.screen(&signed, Screen { template: "library/page.html", section: Section::Media }, shelf).await
}

/// What a change says when it is done, and how it is undone.
struct Done {
    title: String,
    detail: String,
    /// Where undoing it is asked for.
    undo: Option<String>,
}

impl Done {
    fn new(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { title: title.into(), detail: detail.into(), undo: None }
    }

    /// Tells scripts at once, and people without them on the page they go to.
    fn answer(self, dashboard: &Dashboard, signed: &Signed, headers: &HeaderMap, to: &str) -> Response {
        if !headers.contains_key(HX_REQUEST) {
            let note = Note { title: self.title, detail: self.detail, kind: "ok" };
            dashboard.notes.leave(&signed.session.hash, note);
            return Redirect::to(to).into_response();
        }
        let undo = self.undo.map(|post| json!({"label": "Undo", "post": post}));
        let actions: Vec<_> = undo.into_iter().collect();
        let toast =
            json!({"title": self.title, "detail": self.detail, "kind": "ok", "actions": actions, "seconds": 20});
        let told = json!({"toast": toast, "ld:library": {}}).to_string();
        let mut response = Html(String::new()).into_response();
        if let Ok(told) = HeaderValue::from_str(&in_ascii(&told)) {
            response.headers_mut().insert(HX_TRIGGER, told);
        }
        response
    }
}

/// JSON with its letters beyond ASCII escaped, as headers need it.
fn in_ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}

/// The address of our own that a form wants to go back to; the library when it names none.
fn back(sent: &str) -> &str {
    if sent == LIBRARY || sent.starts_with("/admin/media?") || sent.starts_with("/admin/media/") {
        sent
    } else {
        LIBRARY
    }
}

#[cfg(test)]
mod tests {
    use super::{back, in_ascii};

    #[test]
    fn headers_hold_only_ascii() {
        assert_eq!(in_ascii(r#"{"a":"“é” 🍞"}"#), r#"{"a":"\u201c\u00e9\u201d \ud83c\udf5e"}"#);
    }

    #[test]
    fn forms_go_back_to_the_library_only() {
        assert_eq!(back("/admin/media?tag=a"), "/admin/media?tag=a");
        assert_eq!(back("https://elsewhere.example/admin/media"), "/admin/media");
        assert_eq!(back("//elsewhere.example"), "/admin/media");
    }
}
