//! Names of types and members, made from keys.

use std::collections::HashSet;

/// Names that mean something already in one of the languages, or in the files that are written.
const TAKEN: &[&str] = &[
    // Of the files.
    "Accepted",
    "Address",
    "Collections",
    "Entry",
    "Fields",
    "Item",
    "ItemMeta",
    "Link",
    "Locale",
    "Media",
    "MediaWithText",
    "Other",
    "Page",
    "PageHead",
    "PageTypes",
    "Picked",
    "SinglePages",
    "Status",
    "Type",
    "Value",
    // Of the languages.
    "Any",
    "Array",
    "Boolean",
    "Box",
    "Clone",
    "Date",
    "Debug",
    "Default",
    "Deserialize",
    "Dict",
    "Err",
    "Error",
    "False",
    "Function",
    "List",
    "Literal",
    "Map",
    "None",
    "Number",
    "Object",
    "Ok",
    "Option",
    "Optional",
    "Partial",
    "Promise",
    "Record",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "String",
    "Symbol",
    "True",
    "TypedDict",
    "Union",
    "Vec",
];

/// Names of one scope, each given once.
pub(super) struct Names {
    given: HashSet<String>,
}

impl Names {
    /// Of types.
    pub(super) fn of_types() -> Self {
        Self { given: TAKEN.iter().map(|&name| name.to_owned()).collect() }
    }

    /// Of the members of one type.
    pub(super) fn of_members() -> Self {
        Self { given: HashSet::new() }
    }

    /// This name, with a number behind it when it is given already.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.given.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

/// `landing-page` as `LandingPage`; before what would begin with a digit or be nothing stands `noun`.
pub(super) fn camel(key: &str, noun: &str) -> String {
    let words = key.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
    let fits = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    if fits { name } else { format!("{noun}{name}") }
}

/// `landingPage-2` as `landing_page_2`.
pub(super) fn snake(key: &str) -> String {
    let mut name = String::new();
    let mut after_small = false;
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && after_small {
            name.push('_');
        }
        after_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        name.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    }
    let fits = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    if fits { name } else { format!("field_{}", name.trim_start_matches('_')) }
}

/// Whether a key is a name as it is, in all of the languages but for their keywords.
pub(super) fn is_name(key: &str) -> bool {
    key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// A text in quotes. JSON's form is TypeScript's, and for keys and slugs, which are ASCII, that of the others.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Names, camel, snake};

    #[test]
    fn keys_become_names() {
        assert_eq!(camel("landing-page", "Page"), "LandingPage");
        assert_eq!(camel("404", "Page"), "Page404");
        assert_eq!(camel("__", "Page"), "Page");
        assert_eq!(snake("heroImage-2"), "hero_image_2");
        assert_eq!(snake("2nd"), "field_2nd");
        assert_eq!(snake("-"), "field_");
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::of_types();
        assert_eq!(names.give("Hero"), "Hero");
        assert_eq!(names.give("Hero"), "Hero2");
        assert_eq!(names.give("Hero2"), "Hero22");
        assert_eq!(names.give("String"), "String2");
    }
}
