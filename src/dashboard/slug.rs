//! `GET /admin/c/{type}/slug`: whether an address is free, asked while somebody types it.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

use super::error::Refused;
use super::guard::Signed;
use super::sight::Sight;
use super::{Dashboard, address};
use crate::authoring::{called, slug_rival};
use crate::content::entry::{Entry, EntryId};
use crate::content::schema::{Kind, Schema};
use crate::content::slug::Slug;
use crate::store::Read;

/// What is asked.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    slug: String,
    /// The entry that is to have it; none while it is not saved yet.
    entry: Option<i64>,
}

/// What keeps a slug from being used; nothing when it is free.
#[derive(Debug, Default, Serialize)]
pub(super) struct Answer {
    /// A sentence.
    problem: Option<String>,
    /// The entry that has it, for those who may see that.
    rival: Option<Rival>,
}

/// The entry that has a slug.
#[derive(Debug, Serialize)]
struct Rival {
    title: String,
    href: String,
}

/// Says whether a slug can be used, and who has it.
pub(super) async fn check(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, Refused> {
    let sight = Sight::of(&signed.user);
    let answer = dashboard.read(move |read| {
        let schema = address::schema_named(read.model(), &kind).ok_or_else(Refused::not_found)?;
        if let Err(problem) = Slug::parse(&asked.slug) {
            return Ok(Answer { problem: Some(problem), rival: None });
        }
        match slug_rival(read, schema, asked.entry.map(EntryId), &asked.slug)? {
            None => Ok(Answer::default()),
            Some(other) => {
                let noun = if schema.kind == Kind::Post { "post" } else { "page" };
                let problem = Some(format!("Another {noun} has this slug."));
                Ok(Answer { problem, rival: rival(read, sight, schema, &other)? })
            }
        }
    });
    answer.await.map(Json)
}

fn rival(read: &Read<'_>, sight: Sight, schema: &Schema, other: &Entry) -> Result<Option<Rival>, Refused> {
    // A single page competes with those of other types.
    let schema = read.model().schema(other.schema).unwrap_or(schema);
    for variant in read.variants(other.id)? {
        if let Some(version) = read.version(other, variant.locale, sight.view(other.creator))? {
            let title = called(read.model(), other, &version.revision);
            let title = if title.is_empty() { "Untitled".to_owned() } else { title };
            return Ok(Some(Rival { title, href: address::entry(schema, other.id) }));
        }
    }
    Ok(None)
}
