//! Walking stored values: what can be filtered, ordered, searched, and what is linked to.

use serde_json::Value;

use super::{Field, FieldId};
use crate::content::entry::EntryId;
use crate::content::schema::{Model, in_use};

/// How many characters of a text are compared when ordering; longer texts are filtered by a hash.
const KEY_LENGTH: usize = 100;

/// A value as filters and orders compare it.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexKey {
    /// Nothing there.
    Empty,
    /// Numbers, checkboxes (0 and 1), ids of linked entries.
    Number(f64),
    /// Text: ordered by `folded`, equal when `exact` is equal too.
    Text {
        /// Lower case, cut at 100 characters.
        folded: String,
        /// The text itself where `folded` does not say it all (or a hash of it when it is long), else empty.
        exact: String,
    },
}

impl IndexKey {
    /// The key of a text, which is `Empty` for `""`.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            return Self::Empty;
        }
        let folded: String = text.chars().take(KEY_LENGTH).flat_map(char::to_lowercase).collect();
        let exact = if folded == text {
            String::new()
        } else if text.len() <= 2 * KEY_LENGTH {
            text.to_owned()
        } else {
            format!("#{}", digest(text))
        };
        Self::Text { folded, exact }
    }
}

fn digest(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Found {
    /// Field path (ids joined by dots) and value, in order of appearance.
    pub keys: Vec<(String, IndexKey)>,
    /// Field path and the entry linked to.
    pub references: Vec<(String, EntryId)>,
    /// Words to search for.
    pub text: String,
}

/// The state of walking one entry's values.
pub struct Walk<'a> {
    /// The content model.
    pub model: &'a Model,
    /// What was found so far.
    pub found: Found,
    path: Vec<FieldId>,
}

impl<'a> Walk<'a> {
    /// Nothing walked yet.
    pub fn new(model: &'a Model) -> Self {
        Self { model, found: Found::default(), path: Vec::new() }
    }

    /// The field can be filtered and ordered by `key`.
    pub fn key(&mut self, key: IndexKey) {
        self.found.keys.push((self.path(), key));
    }

    /// The field links to `to`.
    pub fn reference(&mut self, to: EntryId) {
        self.found.references.push((self.path(), to));
    }

    /// The field's words can be searched.
    pub fn search(&mut self, text: &str) {
        if !text.is_empty() {
            if !self.found.text.is_empty() {
                self.found.text.push('\n');
            }
            self.found.text.push_str(text);
        }
    }

    /// Filter, order and search by the same text.
    pub fn text(&mut self, text: &str) {
        self.key(IndexKey::text(text));
        self.search(text);
    }

    fn path(&self) -> String {
        path_of(&self.path)
    }
}

/// A field path as the index spells it.
pub fn path_of(ids: &[FieldId]) -> String {
    ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(".")
}

/// Walks a stored group.
pub fn walk_fields(fields: &[Field], group: &Value, walk: &mut Walk<'_>) {
    for field in in_use(fields) {
        walk.path.push(field.id);
        field.kind.rules().walk(field.stored(group), walk);
        walk.path.pop();
    }
}
