//! Fields as people type them, one a line: `headline text! max:60`, `team ref(people)*`.
//!
//! ```text
//! line   = key [ type [ "(" arguments ")" ] { "!" | "*" } ] { option }
//! option = name | name ":" value
//! ```
//!
//! `!` is required, `*` is a list of links. In place of the key a label in quotes may stand: `"Main headline" text`.
//! What [`read`] makes of what [`write`] wrote is the same field, whatever its type and options.

mod reading;
mod scanning;
#[cfg(test)]
mod tests;
mod words;
mod writing;

use super::field::Definition;

pub use reading::{key_of, read};
pub use words::{TYPES, TypeWord};
pub use writing::write;

/// What keeps a line from being a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which line, from 1.
    pub line: usize,
    /// A sentence for the person who typed it.
    pub text: String,
}

/// The fields that lines of text describe. Blank lines and lines that begin with `#` are left out.
///
/// # Errors
/// Every line that is no field, with the reason.
pub fn read_all(text: &str) -> Result<Vec<Definition>, Vec<Wrong>> {
    let (mut fields, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match read(line) {
            Ok(field) => fields.push(field),
            Err(text) => wrong.push(Wrong { line: number + 1, text }),
        }
    }
    if wrong.is_empty() { Ok(fields) } else { Err(wrong) }
}
