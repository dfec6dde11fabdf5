//! The languages a site is written in.

use serde::{Deserialize, Serialize};

/// Which locale a variant is written in. `LocaleId(0)` belongs to the first locale a site ever had, or
/// to the only form of everything on a site without locales: giving such a site its first locale moves
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocaleId(pub i64);

/// One configured locale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locale {
    /// Never changes.
    pub id: LocaleId,
    /// What `?locale=` takes: at most 10 letters, digits and hyphens, such as `pt-br`.
    pub slug: String,
    /// What people read.
    pub name: String,
}

/// The longest locale slug, in characters.
pub const MAX_SLUG: usize = 10;

/// Languages to choose from for a new site: the slug, and what its speakers call it.
pub const LANGUAGES: [(&str, &str); 40] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("is", "Íslenska"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// Checks a locale slug.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn check_slug(slug: &str) -> Result<(), String> {
    let fits =
        (1..=MAX_SLUG).contains(&slug.len()) && slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if fits {
        Ok(())
    } else {
        Err(format!("locale `{slug}`: a locale slug has 1 to {MAX_SLUG} letters, digits, '-' or '_', such as `pt-br`"))
    }
}
