//! The words by which CDNs are told what to drop: surrogate keys, and what stands for many of them.

use std::collections::BTreeSet;

use crate::content::key::Key;
use crate::content::schema::SchemaId;

/// What answers carry whose keys are too many even in the coarse form. Every change drops it.
pub const ANY: &str = "any";

/// Whether only CDNs look at a key.
pub fn is_for_cdns(key: &Key) -> bool {
    matches!(key, Key::Schema(_) | Key::Tokens)
}

/// What an answer with too many keys carries in the place of one. `None` for what is covered by the key of a schema,
/// which is noted wherever one of its entries is looked at.
pub fn coarse(key: &Key) -> Option<Key> {
    match key {
        Key::Entry(_) | Key::Beside(_) | Key::Translations(_) => None,
        Key::Search(schema, _) => Some(Key::Schema(*schema)),
        Key::List { schema, .. } if *schema != SchemaId(0) => Some(Key::Schema(*schema)),
        other => Some(other.clone()),
    }
}

/// The words that drop every answer which a change makes old, each once and in order.
///
/// Whatever answers carry, fine or coarse, one of these is among it.
pub fn purged(keys: &BTreeSet<Key>) -> Vec<String> {
    let mut dropped: BTreeSet<Key> = keys.iter().filter_map(coarse).chain(keys.iter().cloned()).collect();
    // Every answer carries the model's key: what ends with a token, and an entry whose schema was not noted with it.
    let schemas = keys.iter().any(|key| matches!(key, Key::Schema(_)));
    let entries = keys.iter().any(|key| coarse(key).is_none());
    if dropped.remove(&Key::Tokens) || (entries && !schemas) {
        dropped.insert(Key::Model);
    }
    if dropped.contains(&Key::Model) {
        return vec![Key::Model.to_string()];
    }
    if dropped.is_empty() {
        return Vec::new();
    }
    dropped.iter().map(Key::to_string).chain([ANY.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::purged;
    use crate::content::entry::EntryId;
    use crate::content::key::Key;
    use crate::content::locale::LocaleId;
    use crate::content::schema::SchemaId;

    fn words(keys: &[Key]) -> String {
        purged(&keys.iter().cloned().collect::<BTreeSet<_>>()).join(" ")
    }

    #[test]
    fn a_change_drops_the_fine_keys_and_those_that_stand_for_them() {
        let (schema, locale) = (SchemaId(3), LocaleId(0));
        let list = |schema| Key::List { schema, locale, path: "@published".into() };
        let keys = [Key::Entry(EntryId(7)), Key::Schema(schema), list(schema), Key::Search(schema, locale)];
        assert_eq!(words(&keys), "entry-7 schema-3 list-3-0-@published search-3-0 any");
        // The list of all single pages belongs to no schema.
        assert_eq!(words(&[list(SchemaId(0))]), "list-0-0-@published any");
        assert_eq!(words(&[list(schema)]), "schema-3 list-3-0-@published any");
        assert_eq!(words(&[Key::Slug("pages/pie".into())]), "slug-pages%2Fpie any");
        assert_eq!(words(&[]), "");
    }

    #[test]
    fn what_concerns_everything_drops_everything() {
        assert_eq!(words(&[Key::Model, Key::Entry(EntryId(7))]), "model");
        assert_eq!(words(&[Key::Tokens]), "model");
        // Archives bring entries without noting their schemas.
        assert_eq!(words(&[Key::Entry(EntryId(7))]), "model");
    }
}
