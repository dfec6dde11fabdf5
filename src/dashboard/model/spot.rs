//! Where groups are in addresses: `p.landing`, `s.about`, `k.people`, `c.hero`.

use super::MODEL;
use crate::content::blueprint::{Shelf, Spot};

/// A group's name in addresses and forms.
pub(super) fn name(spot: &Spot) -> String {
    format!("{}.{}", spot.shelf.letter(), spot.key)
}

/// The group with this name.
pub(super) fn named(name: &str) -> Option<Spot> {
    let (letter, key) = name.split_once('.')?;
    Shelf::of_letter(letter).map(|shelf| Spot::new(shelf, key))
}

/// Where a group is built.
pub(super) fn address(spot: &Spot) -> String {
    match spot.shelf {
        Shelf::Components => format!("{MODEL}/components/{}", spot.key),
        _ => format!("{MODEL}/{}", name(spot)),
    }
}

/// The same, with a field chosen.
pub(super) fn field_address(spot: &Spot, path: &str) -> String {
    if path.is_empty() { address(spot) } else { format!("{}?field={path}", address(spot)) }
}
