//! Types of this very site's content, in the languages of the programs that read it.

use std::collections::BTreeSet;

use axum::extract::Path;
use serde_json::json;

use super::asked::{Asked, Reply};
use super::error::Refusal;
use super::reply::Source;
use crate::content::key::Key;
use crate::content::types::{Language, MediaForm, write_types};
use crate::delivery::Answer;

/// `GET /types/{lang}`: a source file, for whoever may write: the names of fields are not for everybody.
pub(super) async fn show(asked: Asked, Path(name): Path<String>) -> Reply {
    if !asked.caller.may_write() {
        return Err(Refusal::no_credentials());
    }
    let language = Language::find(&name).ok_or_else(Refusal::not_found)?;
    let media = if asked.params.flag("alt_media_text") { MediaForm::WithText } else { MediaForm::Address };
    let delivery = asked.api.delivery.clone();
    let answer = asked.api.blocking(move || {
        let file = json!({"data": write_types(&*delivery.model()?, language, media)});
        Ok(Answer::new(200, &file, &BTreeSet::from([Key::Model]), &delivery.edge()))
    });
    let answer = answer.await?;
    Ok(asked.send_text(&answer, Source::Made, "text/plain; charset=utf-8"))
}
