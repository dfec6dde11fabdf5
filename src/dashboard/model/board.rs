//! What stands around the fields: the shelves on the left, and how a person's changes stand.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::spot;
use super::words::many;
use crate::authoring::Drawn;
use crate::authoring::drawn;
use crate::content::blueprint::{Shelf, Spot, uses_of};
use crate::content::definition::{Definition, GroupDefinition};
use crate::content::field::Definition as Field;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::store::Read;

/// The board of somebody, who must choose between changes first when some clash.
pub(super) fn board(read: &Read<'_>, signed: &Signed) -> Result<Drawn, Refused> {
    Ok(drawn(read, signed.user.id, &BTreeMap::new())?)
}

/// What every screen of the builder shows.
pub(super) fn around(read: &Read<'_>, drawn: &Drawn, current: Option<&Spot>) -> Result<Value, Refused> {
    let used = uses_of(&drawn.board);
    let shelves: Vec<Value> = Shelf::ALL
        .into_iter()
        .map(|shelf| {
            let groups = drawn.board.shelf(shelf);
            let last = groups.len().saturating_sub(1);
            let line = |(at, group): (usize, &GroupDefinition)| {
                let own = Spot::new(shelf, &group.key);
                let uses = used.iter().filter(|(of, _)| *of == own).count();
                let fields = group.fields.iter().filter(|field| field.dropped.is_none()).count();
                let about = match shelf {
                    Shelf::Components if uses == 0 => "not used".to_owned(),
                    Shelf::Components => format!("used {}", if uses == 1 { "once".into() } else { format!("{uses} times") }),
                    _ => many(fields, "field", "fields"),
                };
                context! {
                    name => group.name.clone(), key => group.key.clone(), at => spot::name(&own), href => spot::address(&own), about,
                    current => current == Some(&own), first => at == 0, last => at == last,
                    mark => mark(group, base_of(&drawn.base, shelf, group)),
                }
            };
            let groups: Vec<Value> = groups.iter().enumerate().map(line).collect();
            context! { noun => shelf.noun(), letter => shelf.letter(), label => label(shelf), icon => icon(shelf), groups }
        })
        .collect();
    let by = if drawn.overtaken { read.model_changed()?.map(|(by, _)| by) } else { None };
    Ok(context! {
        shelves,
        changed => drawn.changed,
        changes => changes(drawn),
        waits => drawn.waits(),
        overtaken => drawn.overtaken,
        overtaken_by => by,
        empty => Shelf::ALL.into_iter().all(|shelf| drawn.board.shelf(shelf).is_empty()),
    })
}

fn label(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::PageTypes => "Page types",
        Shelf::SinglePages => "Single pages",
        Shelf::Collections => "Collections",
        Shelf::Components => "Components",
    }
}

pub(super) fn icon(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::PageTypes => "files",
        Shelf::SinglePages => "file-text",
        Shelf::Collections => "layers",
        Shelf::Components => "component",
    }
}

/// The group in force that a group of the board was.
pub(super) fn base_of<'b>(base: &'b Definition, shelf: Shelf, group: &GroupDefinition) -> Option<&'b GroupDefinition> {
    base.shelf(shelf).iter().find(|before| before.id.is_some() && before.id == group.id)
}

/// How a group differs from what is in force: `new`, `changed`, or nothing.
fn mark(group: &GroupDefinition, base: Option<&GroupDefinition>) -> &'static str {
    match base {
        None => "new",
        Some(base) if base != group => "changed",
        Some(_) => "",
    }
}

/// The same of a field.
pub(super) fn field_mark(field: &Field, base: Option<&Field>) -> &'static str {
    match base {
        None => "new",
        Some(base) if base != field => "changed",
        Some(_) => "",
    }
}

/// How many groups are new, changed or gone.
fn changes(drawn: &Drawn) -> usize {
    let mut count = 0;
    for shelf in Shelf::ALL {
        let (board, base) = (drawn.board.shelf(shelf), drawn.base.shelf(shelf));
        count += board.iter().filter(|group| !mark(group, base_of(&drawn.base, shelf, group)).is_empty()).count();
        count += base.iter().filter(|before| !board.iter().any(|group| group.id == before.id)).count();
    }
    if count == 0 && drawn.changed { 1 } else { count }
}
