//! Rust.

use std::fmt::Write as _;

use super::names::{Names, quoted, snake};
use super::outline::{Group, Outline, Shape};
use super::{MediaForm, NOTE};

const DERIVE: &str = "#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]";

const HEAD: &str = r#"
/// How far a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Published,
    Scheduled,
}

/// What is linked to, or its address where the levels end.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Link<Entry> {
    Address(String),
    Entry(Box<Entry>),
}

/// What all pages have. Moments are texts: `2026-03-15T08:00:00Z`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Page<Fields = Value> {
    pub slug: String,
    pub name: String,
    pub published: Option<String>,
    pub updated: String,
    /// `None` for single pages.
    pub page_type: Option<String>,
    pub status: Status,
    pub scheduled: Option<String>,
    pub fields: Fields,
}

/// What items have besides their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ItemMeta {
    pub id: i64,
}
"#;

/// Words of the language that may be names with `r#` in front.
const RAW: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that may not even so.
const NEVER: &[&str] = &["crate", "self", "super"];

pub(super) fn write(outline: &Outline<'_>, media: MediaForm) -> String {
    let mut text = format!("// {NOTE}\n\nuse serde::{{Deserialize, Serialize}};\nuse serde_json::Value;\n\n");
    text += &match media {
        MediaForm::Address => {
            "/// The address of a picture or file; empty without one.\npub type Media = String;\n".to_owned()
        }
        MediaForm::WithText => format!(
            "/// A picture or file; an empty address without one.\n{DERIVE}\n#[serde(untagged)]\npub enum Media {{\n    \
             Address(String),\n    WithText {{ url: String, alt: String }},\n}}\n"
        ),
    };
    text += HEAD;
    for group in &outline.groups {
        text += &structure(group);
    }
    text += &picked(outline);
    for page in &outline.pages {
        comment(&mut text, "", &page.about);
        let _ = writeln!(text, "pub type {} = Page<{}>;", page.name, page.fields);
    }
    text
}

fn structure(group: &Group) -> String {
    let mut text = String::from("\n");
    comment(&mut text, "", &group.about);
    let _ = writeln!(text, "{DERIVE}\npub struct {} {{", group.name);
    let mut names = Names::of_members();
    if group.is_item && group.members.iter().all(|member| member.key != "meta") {
        let _ = writeln!(text, "    pub {}: ItemMeta,", names.give("meta"));
    }
    for member in &group.members {
        comment(&mut text, "    ", &member.about);
        let name = names.give(&snake(&member.key));
        if name != member.key || NEVER.contains(&name.as_str()) {
            let _ = writeln!(text, "    #[serde(rename = {})]", quoted(&member.key));
        }
        let _ = writeln!(text, "    pub {}: {},", spelled(&name), shape(&member.shape));
    }
    text + "}\n"
}

fn spelled(name: &str) -> String {
    match name {
        _ if RAW.contains(&name) => format!("r#{name}"),
        _ if NEVER.contains(&name) => format!("{name}_"),
        _ => name.to_owned(),
    }
}

fn picked(outline: &Outline<'_>) -> String {
    let mut text = format!(
        "\n/// A component that was chosen.\n{DERIVE}\n#[serde(tag = \"type\", content = \"fields\")]\npub enum Picked {{\n"
    );
    for (key, name) in &outline.components {
        let _ = writeln!(text, "    #[serde(rename = {})]\n    {name}({name}),", quoted(key));
    }
    text + "    /// What the model did not have when this was written.\n    #[serde(untagged)]\n    Other(Value),\n}\n\n"
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Choice(_) => "String".into(),
        Shape::Date => "Option<String>".into(),
        Shape::Number => "Option<f64>".into(),
        Shape::Boolean => "bool".into(),
        Shape::Json => "Value".into(),
        Shape::Media => "Media".into(),
        Shape::Link(names) => format!("Option<{}>", link(names)),
        Shape::Links(names) => format!("Vec<{}>", link(names)),
        Shape::Group(name) => name.clone(),
        Shape::Groups(name) => format!("Vec<{name}>"),
        Shape::Picked => "Vec<Picked>".into(),
    }
}

/// One of several cannot be told from the others: it is read as any page.
fn link(names: &[String]) -> String {
    match names {
        [name] => format!("Link<{name}>"),
        _ => "Link<Page>".into(),
    }
}

fn comment(text: &mut String, indent: &str, about: &str) {
    if !about.is_empty() {
        let _ = writeln!(text, "{indent}/// {about}");
    }
}
