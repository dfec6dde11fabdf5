//! Differences as the page shows them.

use serde::Serialize;

use super::segments::{Segment, Shown as Block, of_html, of_text};
use crate::content::comparison::{Change, Difference, Named};
use crate::content::entry::{EntryId, View};
use crate::content::post::{Filing, Picture};
use crate::dashboard::error::Refused;
use crate::dashboard::reach::{Reached, title};
use crate::store::Read;

/// One thing that differs.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    /// Its address in the editor, for restoring it.
    path: String,
    /// What people call it: `Body › Hero 2 › Headline`.
    label: String,
    /// `text`, `rich`, `picture`, `moved`, `added` or `removed`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Segment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<Block>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Shown>,
    /// Of what moved: from which place, to which.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<(usize, usize)>,
    /// Of what came or went: labels and texts of what it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holds: Vec<(String, String)>,
}

/// A picture or file.
#[derive(Clone, Debug, Serialize)]
struct Shown {
    url: String,
    alt: String,
    /// Whether this page may show it: it is one of ours.
    own: bool,
}

/// All rows, in the order of the form.
pub(super) fn rows(read: &Read<'_>, reached: &Reached, changes: &[Change]) -> Result<Vec<Row>, Refused> {
    changes.iter().map(|change| row(read, reached, change)).collect()
}

fn row(read: &Read<'_>, reached: &Reached, change: &Change) -> Result<Row, Refused> {
    let mut row = Row {
        path: change.path.clone(),
        label: change.labels.join(" › "),
        kind: "text",
        parts: Vec::new(),
        blocks: Vec::new(),
        before: None,
        after: None,
        moved: None,
        holds: Vec::new(),
    };
    match &change.what {
        Difference::Text { before, after } => row.parts = of_text(before, after),
        Difference::Rich { before, after } => (row.kind, row.blocks) = ("rich", of_html(before, after)),
        Difference::Picture { before, after } => {
            row.kind = "picture";
            row.before = before.as_ref().map(picture);
            row.after = after.as_ref().map(picture);
        }
        Difference::Named { of, before, after } => row.parts = names(read, reached, *of, before, after)?,
        Difference::Moved { from, to } => {
            row.kind = "moved";
            row.moved = Some((*from, *to));
        }
        Difference::Added(holds) => (row.kind, row.holds) = ("added", holds.clone()),
        Difference::Removed(holds) => (row.kind, row.holds) = ("removed", holds.clone()),
    }
    Ok(row)
}

fn picture(picture: &Picture) -> Shown {
    Shown { url: picture.url.clone(), alt: picture.alt.clone(), own: picture.url.starts_with("/media/") }
}

/// What is linked to, one name after the other.
fn names(
    read: &Read<'_>,
    reached: &Reached,
    of: Named,
    before: &[i64],
    after: &[i64],
) -> Result<Vec<Segment>, Refused> {
    let gone: Vec<i64> = before.iter().filter(|id| !after.contains(id)).copied().collect();
    let came: Vec<i64> = after.iter().filter(|id| !before.contains(id)).copied().collect();
    let stayed: Vec<i64> = after.iter().filter(|id| before.contains(id)).copied().collect();
    if gone.is_empty() && came.is_empty() {
        // Only the order differs.
        let joined = |ids: &[i64]| -> Result<String, Refused> {
            let names = ids.iter().map(|id| name(read, reached, of, *id)).collect::<Result<Vec<_>, _>>()?;
            Ok(names.join(", "))
        };
        let part = |kind, text| Segment { kind, text };
        return Ok(vec![part("del", joined(before)?), part("same", " ".into()), part("ins", joined(after)?)]);
    }
    let mut parts = Vec::new();
    for (kind, ids) in [("same", stayed), ("del", gone), ("ins", came)] {
        for id in ids {
            if !parts.is_empty() {
                parts.push(Segment { kind: "same", text: ", ".into() });
            }
            parts.push(Segment { kind, text: name(read, reached, of, id)? });
        }
    }
    Ok(parts)
}

fn name(read: &Read<'_>, reached: &Reached, of: Named, id: i64) -> Result<String, Refused> {
    let found = match of {
        Named::Author => read.author(id)?.map(|author| author.full_name()),
        Named::Category => read.term(Filing::Category, id)?.map(|term| term.name),
        Named::Tag => read.term(Filing::Tag, id)?.map(|term| term.name),
        Named::Entry => entry_name(read, reached, EntryId(id))?,
    };
    Ok(found.unwrap_or_else(|| "something that is gone".into()))
}

/// What an entry is called, as far as this person sees it.
fn entry_name(read: &Read<'_>, reached: &Reached, id: EntryId) -> Result<Option<String>, Refused> {
    let Some(entry) = read.entry(id)? else { return Ok(None) };
    let view: View = reached.sight.view(entry.creator);
    let version = read.version(&entry, reached.locale(), view)?;
    let schema = read.model().schema(entry.schema);
    Ok(version.zip(schema).map(|(version, schema)| title(schema, &version.revision)))
}
