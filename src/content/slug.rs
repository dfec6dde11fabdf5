//! URL names.

use std::fmt;

/// The longest slug the API accepts, in characters.
pub const MAX_LENGTH: usize = 100;

/// A URL name: letters, digits, `-`, `_`, `.` and `~`, at most [`MAX_LENGTH`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Reads a slug as it is; it is never changed to fit.
    ///
    /// # Errors
    /// A sentence for the person who chose it, saying which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("This field is required.".into());
        }
        if text.chars().count() > MAX_LENGTH {
            return Err(format!("A slug has at most {MAX_LENGTH} characters."));
        }
        if let Some(wrong) = text.chars().find(|c| !(c.is_alphanumeric() || "-_.~".contains(*c))) {
            return Err(format!("A slug has letters, digits, '-', '_', '.' and '~' only, not {wrong:?}."));
        }
        if text == "search" || text.chars().all(|c| c == '.') {
            return Err(format!("\"{text}\" is reserved; choose another slug."));
        }
        Ok(Self(text.into()))
    }

    /// Makes a slug out of any text: lower case, other characters become single hyphens.
    /// Text without a letter or digit gives `untitled`.
    pub fn from_text(text: &str) -> Self {
        let mut slug = String::new();
        for c in text.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let short: String = slug.chars().take(MAX_LENGTH).collect();
        let short = short.trim_end_matches('-');
        Self::parse(short).unwrap_or_else(|_| Self("untitled".into()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
