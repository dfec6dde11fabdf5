//! Changing the board: one form for each thing that can be done.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::context;
use serde::Deserialize;

use super::page::{Asked, after, again, overview_with};
use super::{CONFLICT, MODEL, lines, need, settings, spot, words};
use crate::authoring::Signature;
use crate::content::blueprint::{Beside, Shelf, Spot, field_at};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;
use crate::dashboard::notes::Note;

/// What became of a change.
enum Done {
    /// The group, with the field and what gets the focus.
    At(Spot, String, &'static str),
    /// The group is gone.
    Gone,
}

/// `POST /admin/model/change`
pub(super) async fn change(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    sent: Sent,
) -> Result<Response, Refused> {
    need(&signed)?;
    let at = spot::named(sent.text("at"));
    let asked = Asked { field: sent.text("field").to_owned(), ..Asked::default() };
    let done = match (sent.text("do"), &at) {
        ("add-group", _) => add_group(&dashboard, &signed, &sent).await,
        (_, None) => return Err(Refused::bad("It is not said what to change.")),
        ("add-lines", Some(spot)) => match lines::add(&dashboard, &signed, spot, &sent).await {
            Ok(path) => Ok(Done::At(spot.clone(), path, "add")),
            Err(lines::Not::Lines(wrong)) => {
                let more = context! { sent => sent.again(), wrong };
                return again(&dashboard, &signed, spot.clone(), asked, more).await;
            }
            Err(lines::Not::Refused(refused)) => Err(refused),
        },
        ("change-field", Some(spot)) => {
            let was = asked.field.clone();
            match change_field(&dashboard, &signed, spot, &was, &sent).await {
                Ok(path) => Ok(Done::At(spot.clone(), path, "")),
                Err(Wrong::Controls(problems)) => {
                    let more = context! { sent => sent.again(), problems => problems.into_iter().collect::<std::collections::BTreeMap<_, _>>() };
                    return again(&dashboard, &signed, spot.clone(), asked, more).await;
                }
                Err(Wrong::Refused(refused)) => Err(refused),
            }
        }
        (what, Some(spot)) => plain(&dashboard, &signed, what, spot, &sent).await,
    };
    match done {
        Ok(Done::At(spot, path, at)) => Ok(after(&spot, &path, at)),
        Ok(Done::Gone) => Ok(Redirect::to(MODEL).into_response()),
        Err(refused) if refused.status == StatusCode::CONFLICT && refused.error == "changed" => {
            Ok(Redirect::to(CONFLICT).into_response())
        }
        Err(refused) if refused.status == StatusCode::CONFLICT => {
            let more = context! { sent => sent.again(), refused => words::sentence(&refused.message) };
            match at {
                Some(spot) if sent.text("do") != "add-group" => again(&dashboard, &signed, spot, asked, more).await,
                _ => {
                    let mut page = overview_with(&dashboard, &signed, more).await?;
                    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(page)
                }
            }
        }
        Err(refused) => Err(refused),
    }
}

async fn add_group(dashboard: &Dashboard, signed: &Signed, sent: &Sent) -> Result<Done, Refused> {
    let shelf = Shelf::of_letter(sent.text("shelf")).ok_or_else(|| Refused::bad("It is not said what to add."))?;
    let (name, key) = (sent.text("name").to_owned(), sent.text("key").to_owned());
    let signature = Signature::of(&signed.user);
    let spot = dashboard
        .change(move |authoring| authoring.draw(signature, move |board| board.add_group(shelf, &name, &key)))
        .await?;
    Ok(Done::At(spot, String::new(), "add"))
}

/// Why a field's form was not taken.
enum Wrong {
    Controls(Vec<(String, String)>),
    Refused(Refused),
}

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

async fn change_field(
    dashboard: &Dashboard,
    signed: &Signed,
    spot: &Spot,
    path: &str,
    sent: &Sent,
) -> Result<String, Wrong> {
    let who = signed.clone();
    let (board, before) = dashboard
        .read({
            let (spot, path) = (spot.clone(), path.to_owned());
            move |read| {
                let drawn = super::board::board(read, &who)?;
                let group = drawn.board.group(&spot).ok_or_else(Refused::not_found)?;
                let before = field_at(&group.fields, &path).ok_or_else(Refused::not_found)?;
                Ok((drawn.board, before))
            }
        })
        .await?;
    let line = sent.find("line");
    let new = match line {
        Some(line) => {
            settings::read_line(line, &before).map_err(|why| vec![("line".to_owned(), words::sentence(&why))])
        }
        None => settings::read_field(sent, &before, &board),
    };
    let new = new.map_err(Wrong::Controls)?;
    let moved = match path.rsplit_once('.') {
        Some((above, _)) => format!("{above}.{}", new.key),
        None => new.key.clone(),
    };
    let (spot, path, signature) = (spot.clone(), path.to_owned(), Signature::of(&signed.user));
    dashboard
        .change(move |authoring| authoring.draw(signature, move |board| board.change_field(&spot, &path, new)))
        .await?;
    Ok(moved)
}

/// Everything that either works or is refused with a sentence.
async fn plain(dashboard: &Dashboard, signed: &Signed, what: &str, spot: &Spot, sent: &Sent) -> Result<Done, Refused> {
    let signature = Signature::of(&signed.user);
    let (spot, path, now) = (spot.clone(), sent.text("field").to_owned(), signature.at);
    let group_texts = settings::read_group(sent, &spot);
    let (above, id) = (sent.text("above").to_owned(), sent.text("id").parse::<u32>().unwrap_or_default());
    let what = what.to_owned();
    dashboard
        .change(move |authoring| {
            authoring.draw(signature, move |board| {
                Ok(match what.as_str() {
                    "change-group" => Done::At(board.change_group(&spot, group_texts)?, String::new(), ""),
                    "group-up" | "group-down" => {
                        board.move_group(&spot, if what == "group-up" { -1 } else { 1 })?;
                        Done::At(spot, String::new(), "")
                    }
                    "remove-group" => {
                        board.remove_group(&spot)?;
                        Done::Gone
                    }
                    "field-up" | "field-down" => {
                        let up = what == "field-up";
                        board.move_field(&spot, &path, &if up { Beside::Up } else { Beside::Down })?;
                        Done::At(spot, path, if up { "up" } else { "down" })
                    }
                    "remove-field" => {
                        board.remove_field(&spot, &path, now)?;
                        Done::At(spot, String::new(), "")
                    }
                    "restore-field" => {
                        let path = board.restore_field(&spot, &above, id)?;
                        Done::At(spot, path, "")
                    }
                    _ => return Err("this cannot be done".into()),
                })
            })
        })
        .await
}

/// Which list is ordered.
#[derive(Deserialize)]
pub(super) struct Ordered {
    at: String,
}

/// `POST /admin/model/order`: a field was moved by pointer, behind another one.
pub(super) async fn order(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(list): Query<Ordered>,
    sent: Sent,
) -> Result<Response, Refused> {
    need(&signed)?;
    let spot = spot::named(&list.at).ok_or_else(Refused::not_found)?;
    let (path, after) = (sent.text("id").to_owned(), sent.text("after").to_owned());
    let signature = Signature::of(&signed.user);
    dashboard
        .change(move |authoring| {
            authoring.draw(signature, move |board| {
                let (above, _) = path.rsplit_once('.').unwrap_or(("", &path));
                // What stands above a row may be a field of another list: the repeater it is in, or one inside another.
                let behind = match after.rsplit_once('.') {
                    _ if after == above => "",
                    Some((list, key)) if list == above => key,
                    Some((list, _)) if above.is_empty() => list,
                    None if above.is_empty() => &after,
                    _ => return Err("a field stays in its list".into()),
                };
                board.move_field(&spot, &path, &Beside::After(behind.to_owned()))
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /admin/model/discard`
pub(super) async fn discard(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    need(&signed)?;
    let signature = Signature::of(&signed.user);
    dashboard.change(move |authoring| authoring.let_go_drawn(signature)).await?;
    Ok(dashboard.go_on(&signed, MODEL, Note::ok("Your changes of the model are discarded.")))
}
