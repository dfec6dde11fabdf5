//! Going back: `POST …/restore` and naming a version.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::authoring::{Part, status};
use crate::content::entry::RevisionId;
use crate::dashboard::address;
use crate::dashboard::asking::Asking;
use crate::dashboard::error::Refused;

/// The longest name of a version, in characters.
const LONGEST: usize = 80;

/// Makes a draft of an earlier version, or with `field` of the newest one with that version's field; with
/// `part=place` only the place of an element in its list.
pub(super) async fn restore(asking: Asking) -> Result<Response, Refused> {
    let reached = asking.reached().await?.draft_seen()?.writable()?;
    let aim = reached.aim(asking.base()?);
    let from = asking.number("from")?.map(RevisionId);
    let from = from.ok_or_else(|| Refused::bad("Say with `from` which version to restore."))?;
    let field = asking.sent.text("field").to_owned();
    let part = if asking.sent.text("part") == "place" { Part::Place } else { Part::Value };
    let signature = asking.signature();
    let whole = field.is_empty();
    let restored = asking
        .dashboard
        .change(move |authoring| {
            if whole {
                authoring.restore_version(aim, from, signature)
            } else {
                authoring.restore_field(aim, from, field, part, signature)
            }
        })
        .await;
    let acted = match restored {
        Ok(acted) => acted,
        Err(refused) => return Ok(asking.refused(&reached, refused, &asking.locale_query())),
    };
    asking.announce("restored", reached.entry.id, Some(&acted.variant));
    let title = if whole { "Restored as a draft." } else { "Restored this part." };
    let detail = "Nothing is live yet, and no version is lost.";
    if !asking.json {
        let to = format!("{}{}", address::entry(&reached.schema, reached.entry.id), asking.locale_query());
        return Ok(asking.redirect(&to, title, detail, "ok"));
    }
    Ok(Json(json!({
        "rev": acted.variant.draft,
        "status": status(Some(&acted.variant)),
        "slug": acted.entry.slug,
        "title": title,
        "detail": detail,
        "message": format!("{title} {detail}"),
        "ms": asking.elapsed(),
        "refreshed": acted.refreshed.rebuilt.len(),
        "evicted": acted.refreshed.evicted,
        "urls": acted.refreshed.urls(),
        "published_at": acted.variant.published,
        "scheduled_at": acted.variant.scheduled,
    }))
    .into_response())
}

/// Gives a version a name; an empty one takes it away.
pub(super) async fn name(
    Path((_, _, revision)): Path<(String, String, i64)>,
    asking: Asking,
) -> Result<Response, Refused> {
    let reached = asking.reached().await?.draft_seen()?.writable()?;
    let name: String = asking.sent.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST {
        return Err(Refused::bad(format!("A name has at most {LONGEST} characters.")));
    }
    let (entry, signature) = (reached.entry.id, asking.signature());
    let named = Some(name.clone()).filter(|name| !name.is_empty());
    asking
        .dashboard
        .change(move |authoring| authoring.name_revision(entry, RevisionId(revision), named, &signature))
        .await?;
    if asking.json {
        return Ok(Json(json!({"rev": revision, "named": name})).into_response());
    }
    let to = format!("{}/history{}", address::entry(&reached.schema, entry), asking.locale_query());
    let said =
        if name.is_empty() { "The name is gone.".to_owned() } else { format!("This version is called “{name}”.") };
    Ok(asking.redirect(&to, &said, "", "ok"))
}
