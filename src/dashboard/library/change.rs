//! `PATCH /admin/media/{id}`: describing a file otherwise, and the same as a plain form.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{patch, post};
use axum::{Json, Router};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::address;
use super::bulk::folder as chosen;
use crate::account::Right;
use crate::authoring::{MediaEdit, MediaFacts};
use crate::content::media::{Focal, FolderId};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::notes::Note;

/// The routes of changing one file.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/admin/media/{id}", patch(edit).post(edit_by_form))
        .route("/admin/media/{id}/restore", post(restore))
}

/// What a file shall be, or what it was when somebody began to change it. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Described {
    name: Option<String>,
    alt: Option<String>,
    #[serde(deserialize_with = "some")]
    focal: Option<Option<[f64; 2]>>,
    #[serde(deserialize_with = "some")]
    folder: Option<Option<i64>>,
    tags: Option<Vec<String>>,
}

/// `null` says something else than nothing.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

async fn edit(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let unread = |error: serde_json::Error| Refused::bad(format!("This does not describe a file: {error}."));
    let mut sent: serde_json::Map<String, Value> = serde_json::from_slice(&body).map_err(unread)?;
    let was = sent.remove("was").map(serde_json::from_value).transpose().map_err(unread)?.unwrap_or_default();
    let wanted = serde_json::from_value(sent.into()).map_err(unread)?;
    Ok(Json(described(&dashboard, &signed, id, wanted, was).await?.to_json()))
}

/// As browsers without scripts send it: all of the form.
async fn edit_by_form(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Refused> {
    let there = address(&id);
    let done = described(&dashboard, &signed, id, Described::of(&sent, "")?, Described::of(&sent, "was.")?).await;
    let (title, detail, kind) = match done {
        Ok(_) => ("Saved".to_owned(), String::new(), "ok"),
        Err(refused) if refused.is_about_input() => ("This was not saved".to_owned(), refused.message, "error"),
        Err(refused) => return Err(refused),
    };
    dashboard.notes.leave(&signed.session.hash, Note { title, detail, kind });
    Ok(Redirect::to(&there).into_response())
}

async fn described(
    dashboard: &Dashboard,
    signed: &Signed,
    id: String,
    wanted: Described,
    was: Described,
) -> Result<MediaFacts, Refused> {
    signed.need(Right::WriteOwn, "change files of the library")?;
    let edit = wanted.edit()?;
    let signature = signed.signature();
    dashboard
        .change(move |authoring| {
            let now = authoring.media_facts(&id)?;
            let others = wanted.met(&was, &now);
            if !others.is_empty() {
                return Err(met(&others, &now));
            }
            Ok::<_, Refused>(authoring.edit_media(&id, edit, signature)?)
        })
        .await
}

/// Somebody else changed the same meanwhile.
fn met(fields: &[&'static str], now: &MediaFacts) -> Refused {
    let message = format!("Somebody changed the {} meanwhile. Nothing was saved over it.", fields.join(" and the "));
    Refused::new(StatusCode::CONFLICT, "changed", message).with("fields", fields.to_vec()).with("facts", now.to_json())
}

impl Described {
    fn of(sent: &Sent, before: &str) -> Result<Self, Refused> {
        let find = |name: &str| sent.find(&format!("{before}{name}"));
        let percent = |name: &str| find(name).map(|text| text.trim().replace(',', ".")).filter(|text| !text.is_empty());
        let focal = match (percent("focal_x"), percent("focal_y")) {
            (Some(x), Some(y)) => {
                let fraction = |text: String| text.parse::<f64>().map(|percent| percent / 100.0);
                let point = fraction(x).and_then(|x| Ok([x, fraction(y)?]));
                Some(Some(point.map_err(|_| Refused::bad("The focal point is two numbers from 0 to 100."))?))
            }
            (None, None) => find("focal_x").map(|_| None),
            _ => return Err(Refused::bad("The focal point needs both numbers.")),
        };
        Ok(Self {
            name: find("name").map(str::to_owned),
            alt: find("alt").map(str::to_owned),
            focal,
            folder: find("folder").map(|text| chosen(text).map(|folder| folder.map(|id| id.0))).transpose()?,
            tags: find("tags")
                .map(|text| text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()),
        })
    }

    fn edit(&self) -> Result<MediaEdit, Refused> {
        let point = |[x, y]: [f64; 2]| {
            Focal::new(x, y).ok_or_else(|| Refused::bad("The focal point lies outside of the picture."))
        };
        let name = self.name.clone();
        if name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A file needs a name.")
                .with("problems", serde_json::json!({"name": ["A file needs a name."]})));
        }
        Ok(MediaEdit {
            name,
            alt: self.alt.clone(),
            focal: self.focal.map(|focal| focal.map(point).transpose()).transpose()?,
            folder: self.folder.map(|folder| folder.map(FolderId)),
            tags: self.tags.clone(),
            ..MediaEdit::default()
        })
    }

    /// What would be written over: it is neither what it was, nor what is wanted.
    fn met(&self, was: &Self, now: &MediaFacts) -> Vec<&'static str> {
        let media = &now.media;
        let differs = |was: Option<bool>, wanted: Option<bool>| was == Some(true) && wanted == Some(true);
        let is_not = |value: &Option<String>, now: &str| value.as_ref().map(|value| value != now);
        let focal = media.focal.map(<[f64; 2]>::from);
        let folder = media.folder.map(|folder| folder.0);
        let fields = [
            ("name", differs(is_not(&was.name, &media.filename), is_not(&self.name, &media.filename))),
            ("alt text", differs(is_not(&was.alt, &media.alt), is_not(&self.alt, &media.alt))),
            ("focal point", differs(was.focal.map(|was| was != focal), self.focal.map(|wanted| wanted != focal))),
            ("folder", differs(was.folder.map(|was| was != folder), self.folder.map(|wanted| wanted != folder))),
            (
                "tags",
                differs(
                    was.tags.as_ref().map(|was| *was != now.tags),
                    self.tags.as_ref().map(|wanted| *wanted != now.tags),
                ),
            ),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// Brings it back from the trash.
async fn restore(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    signed.need(Right::Delete, "bring back what was deleted")?;
    let (there, signature) = (address(&id), signed.signature());
    dashboard.change(move |authoring| authoring.undelete_media(&id, signature)).await?;
    let detail = "Everything that showed it shows it again.".into();
    dashboard.notes.leave(&signed.session.hash, Note { title: "The file is back".into(), detail, kind: "ok" });
    Ok(Redirect::to(&there).into_response())
}
