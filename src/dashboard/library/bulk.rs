//! `POST /admin/media/bulk`: one thing done to the files that were selected, and how it is undone.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::post;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::tile::{sign, thumb};
use super::undo::Step;
use super::used::Uses;
use super::words::files;
use super::{Done, HX_REQUEST, LIBRARY, address, back};
use crate::account::Right;
use crate::authoring::{MediaEdit, MediaFacts};
use crate::content::media::FolderId;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::sight::Sight;
use crate::dashboard::view::Screen;
use crate::store::Read;

/// How many files one form may name.
const MOST: usize = 500;
/// How many files in use are named before they are deleted.
const NAMED: usize = 6;

/// The routes of bulk work.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/media/bulk", post(work))
}

/// What shall be done.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    Tag(Vec<String>),
    Untag(Vec<String>),
    Move(Option<FolderId>),
    /// Also what is in use, when that was said.
    Delete {
        sure: bool,
    },
}

struct Asked {
    act: Act,
    picked: Vec<String>,
    back: String,
}

/// A file in use, before it is deleted.
#[derive(Serialize)]
struct Used {
    href: String,
    name: String,
    picture: Option<String>,
    sign: &'static str,
    place: String,
}

async fn work(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let asked = Asked::read(&fields)?;
    let (right, what) = match asked.act {
        Act::Delete { .. } => (Right::Delete, "delete files of the library"),
        _ => (Right::WriteOwn, "change files of the library"),
    };
    signed.need(right, what)?;
    let picked = asked.picked.clone();
    let before = dashboard.read(move |read| picked.iter().map(|id| found(read, id)).collect::<Result<Vec<_>, _>>());
    let before = before.await?;
    if asked.act == (Act::Delete { sure: false }) && before.iter().any(|facts| facts.media.uses > 0) {
        return ask(&dashboard, &signed, &headers, asked, before).await;
    }
    let mut done = asked.done(&dashboard, &before).await?;
    let (act, ids, signature) = (asked.act.clone(), asked.picked, signed.signature());
    dashboard
        .change(move |authoring| match act {
            Act::Delete { .. } => authoring.delete_many_media(ids, true, signature),
            act => authoring.edit_many_media(ids, act.edit(), signature).map(drop),
        })
        .await?;
    let steps = before.into_iter().filter_map(|facts| asked.act.undoing(facts)).collect();
    done.undo = dashboard.undos.keep(signed.user.id, steps);
    Ok(done.answer(&dashboard, &signed, &headers, back(&asked.back)))
}

fn found(read: &Read<'_>, id: &str) -> Result<MediaFacts, Refused> {
    let gone = || Refused::bad("One of these files is not there any more. Nothing was changed: load the page again.");
    Ok(MediaFacts::of(read, read.media(id)?.ok_or_else(gone)?)?)
}

/// Names the files that are in use, before they go.
async fn ask(
    dashboard: &Dashboard,
    signed: &Signed,
    headers: &HeaderMap,
    asked: Asked,
    picked: Vec<MediaFacts>,
) -> Result<Response, Refused> {
    let (view, fragment) = (dashboard.view.clone(), headers.contains_key(HX_REQUEST));
    let (sight, csrf) = (Sight::of(&signed.user), signed.csrf.clone());
    let ask = move |read: &Read<'_>| {
        let used: Vec<&MediaFacts> = picked.iter().filter(|facts| facts.media.uses > 0).collect();
        let mut shown = Vec::new();
        for facts in used.iter().take(NAMED) {
            let media = &facts.media;
            let uses = Uses::of(read, sight, &media.id, media.uses)?;
            shown.push(Used {
                href: address(&media.id),
                name: media.filename.clone(),
                picture: thumb(media),
                sign: sign(&media.kind),
                place: format!("In {}", uses.in_words()),
            });
        }
        let detail = match (used.len(), picked.len()) {
            (1, 1) => "It is in use. Pages that show it would show nothing in its place.".to_owned(),
            (used, all) => {
                let are = if used == 1 { "is" } else { "are" };
                format!("{used} of {all} {are} in use. Pages that show them would show nothing in their place.")
            }
        };
        Ok(context! {
            words => named(&picked),
            detail,
            more => used.len().saturating_sub(NAMED),
            used => Value::from(Serde(shown)),
            picked => asked.picked.clone(),
            back => back(&asked.back),
            base => LIBRARY,
        })
    };
    if !fragment {
        let screen = Screen { template: "library/sure.html", section: Section::Media };
        return dashboard.screen(signed, screen, ask).await;
    }
    dashboard
        .read(move |read| {
            let shown = context! { fragment, csrf, ..ask(read)? };
            Ok(Html(view.render("library/asking.html", shown)?).into_response())
        })
        .await
}

/// "“jars.jpg”", "3 files".
fn named(picked: &[MediaFacts]) -> String {
    match picked {
        [one] => format!("“{}”", one.media.filename),
        many => files(many.len() as u64),
    }
}

impl Asked {
    fn read(fields: &[(String, String)]) -> Result<Self, Refused> {
        let all = |name: &str| -> Vec<String> {
            fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
        };
        let one = |name: &str| all(name).pop().unwrap_or_default();
        let mut picked = all("pick");
        picked.sort_unstable();
        picked.dedup();
        if picked.is_empty() {
            return Err(Refused::bad("Select at least one file."));
        }
        if picked.len() > MOST {
            return Err(Refused::bad(format!("Select at most {MOST} files at once.")));
        }
        let act = match one("do").as_str() {
            "tag" => Act::Tag(tags(&one("tags"))?),
            "untag" => Act::Untag(tags(&one("tags"))?),
            "move" => Act::Move(folder(&one("folder"))?),
            "delete" => Act::Delete { sure: one("sure") == "1" },
            _ => return Err(Refused::bad("It is not said what to do with these files.")),
        };
        Ok(Self { act, picked, back: one("back") })
    }

    /// What is said afterwards.
    async fn done(&self, dashboard: &Dashboard, before: &[MediaFacts]) -> Result<Done, Refused> {
        let what = named(before);
        let are = if before.len() == 1 { "is" } else { "are" };
        Ok(match &self.act {
            Act::Tag(tags) => Done::new(format!("{what} {are} tagged"), tags.join(", ")),
            Act::Untag(tags) => Done::new(format!("Tags are off {what}"), tags.join(", ")),
            Act::Delete { .. } => {
                Done::new(format!("{what} {are} in the trash"), "Deleted files can be brought back for 30 days.")
            }
            Act::Move(folder) => {
                let folder = *folder;
                let name =
                    dashboard.read(move |read| Ok(folder.map(|id| read.media_folder(id)).transpose()?.flatten()));
                let to = name.await?.map_or_else(|| "out of its folder".to_owned(), |to| format!("to “{}”", to.name));
                Done::new(format!("{what} {are} moved"), format!("Moved {to}. Addresses stay the same."))
            }
        })
    }
}

impl Act {
    fn edit(self) -> MediaEdit {
        match self {
            Self::Tag(add_tags) => MediaEdit { add_tags, ..MediaEdit::default() },
            Self::Untag(remove_tags) => MediaEdit { remove_tags, ..MediaEdit::default() },
            Self::Move(folder) => MediaEdit { folder: Some(folder), ..MediaEdit::default() },
            Self::Delete { .. } => MediaEdit::default(),
        }
    }

    /// What makes a file again what it was.
    fn undoing(&self, before: MediaFacts) -> Option<Step> {
        let MediaFacts { media, tags } = before;
        match self {
            Self::Tag(_) | Self::Untag(_) => Some(Step::Tags(media.id, tags)),
            Self::Move(folder) => (media.folder != *folder).then_some(Step::Move(media.id, media.folder)),
            Self::Delete { .. } => Some(Step::Restore(media.id)),
        }
    }
}

/// Tags with commas between them.
fn tags(text: &str) -> Result<Vec<String>, Refused> {
    let tags: Vec<String> = text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    if tags.is_empty() { Err(Refused::bad("Type at least one tag.")) } else { Ok(tags) }
}

/// A folder by its id; empty is none.
pub(super) fn folder(text: &str) -> Result<Option<FolderId>, Refused> {
    match text {
        "" => Ok(None),
        id => id.parse().map(|id| Some(FolderId(id))).map_err(|_| Refused::bad("There is no such folder.")),
    }
}
