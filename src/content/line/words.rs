//! The words for types, and how options are called for short.

/// A word for a field type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeWord {
    /// As it is typed.
    pub word: &'static str,
    /// The field type's name in schema files.
    pub kind: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// An example line.
    pub example: &'static str,
}

const fn word(word: &'static str, kind: &'static str, about: &'static str, example: &'static str) -> TypeWord {
    TypeWord { word, kind, about, example }
}

/// All words, in the order in which they are offered; the first for a type is the one that is written.
pub const TYPES: &[TypeWord] = &[
    word("text", "short_text", "One line of text", "headline text! max:60"),
    word("long", "long_text", "Several lines of text", "teaser long max:200"),
    word("rich", "wysiwyg", "Text with formats, links and pictures", "body rich formats:bold,link"),
    word("image", "media", "A picture", "image image! ratio:16:9"),
    word("file", "media", "A picture, film, sound or document", "download file accept:document"),
    word("number", "number", "A number", "price number min:0"),
    word("check", "checkbox", "Yes or no", "in_stock check default:true"),
    word("choice", "dropdown", "One of a list", "layout choice(wide,split=\"Two columns\")"),
    word("date", "date", "A day", "day date"),
    word("datetime", "date_time", "A day and a time", "begins datetime"),
    word("link", "url", "A web address", "more link"),
    word("email", "email", "An e-mail address", "contact email"),
    word("color", "color", "A colour", "accent color"),
    word("ref", "reference", "A link to an item or page, or with * to many", "team ref(people)*"),
    word("part", "component", "One component", "hero part(hero)"),
    word(
        "blocks",
        "component_picker",
        "Components that editors choose and arrange",
        "sections blocks(hero,quote) max:20",
    ),
    word("list", "repeater", "A list of one group of fields", "hours list(day text!; from text; to text)"),
    word("markdown", "markdown", "Markdown", "notes markdown rendered"),
    word("html", "html", "HTML as source", "embed html"),
    word("json", "json", "Any JSON", "data json"),
    word("form", "form", "A form of another service", "signup form"),
];

/// Other words that people type for the same.
const ALSO: &[(&str, &str)] = &[
    ("string", "short_text"),
    ("longtext", "long_text"),
    ("textarea", "long_text"),
    ("richtext", "wysiwyg"),
    ("bool", "checkbox"),
    ("boolean", "checkbox"),
    ("select", "dropdown"),
    ("colour", "color"),
    ("picture", "image"),
    ("int", "number"),
    ("embed", "form"),
    ("group", "component"),
];

/// What a typed word means: a type's name, or `image` for a media field that takes pictures only.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    if ["image", "picture"].contains(&word.as_str()) {
        return Some("image");
    }
    let own = TYPES.iter().find(|known| known.word == word || known.kind == word).map(|known| known.kind);
    own.or_else(|| ALSO.iter().find(|(also, _)| *also == word).map(|(_, kind)| *kind))
}

/// The word that is written for a type.
pub(super) fn word_of(kind: &str) -> Option<&'static str> {
    TYPES.iter().find(|known| known.kind == kind && known.word != "image").map(|known| known.word)
}

/// The type word that is most like what was typed, when any is.
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
    let typed = typed.to_ascii_lowercase();
    let scored = TYPES.iter().map(|known| (distance(&typed, known.word), known.word));
    scored.filter(|(distance, word)| *distance <= 1 + word.len() / 4).min().map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, own) in one.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], line + 1);
        for (column, letter) in other.chars().enumerate() {
            let changed = corner + usize::from(own != letter);
            corner = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// What `min` and `max` limit in a type: the end of the option's full name. `None` where there are no limits.
pub(super) fn limited(kind: &str) -> Option<&'static str> {
    match kind {
        "short_text" | "long_text" | "wysiwyg" | "html" | "markdown" => Some("_length"),
        "reference" | "component_picker" | "repeater" => Some("_items"),
        "number" | "date" | "date_time" => Some(""),
        _ => None,
    }
}

/// Options that hold a text, so that `60` is no number there.
pub(super) const TEXTS: [&str; 2] = ["pattern", "shape"];

/// Options that hold a list of words.
pub(super) const LISTS: [&str; 3] = ["accept", "formats", "components"];
