//! Python.

use std::fmt::Write as _;

use super::names::{is_name, quoted};
use super::outline::{Group, Outline, Shape};
use super::{MediaForm, NOTE};

const HEAD: &str = r#"
Status = Literal["draft", "published", "scheduled"]


class ItemMeta(TypedDict):
    id: int


class PageHead(TypedDict):
    """What all pages have. Moments are texts: `2026-03-15T08:00:00Z`."""

    slug: str
    name: str
    published: Optional[str]
    updated: str
    status: Status
    scheduled: Optional[str]


class Page(PageHead):
    """Any page."""

    page_type: Optional[str]
    fields: Dict[str, Any]
"#;

/// What cannot be a member's name in a class, or would hide a name that the lines below it need.
const UNFIT: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "Any",
    "Dict",
    "List",
    "Literal",
    "Optional",
    "TypedDict",
    "Union",
    "bool",
    "float",
    "int",
    "str",
];

pub(super) fn write(outline: &Outline<'_>, media: MediaForm) -> String {
    let mut text = format!("# {NOTE}\n\nfrom __future__ import annotations\n\n");
    text += "from typing import Any, Dict, List, Literal, Optional, TypedDict, Union\n";
    text += match media {
        MediaForm::Address => "\n# The address of a picture or file; empty without one.\nMedia = str\n",
        MediaForm::WithText => {
            "\n\nclass MediaWithText(TypedDict):\n    url: str\n    alt: str\n\n\n# A picture or file; an empty text without one.\n\
             Media = Union[MediaWithText, str]\n"
        }
    };
    text += HEAD;
    for group in &outline.groups {
        text += &typed_dict(group, outline);
    }
    text += &picked(outline);
    for page in &outline.pages {
        let _ = write!(text, "\n\nclass {}(PageHead):\n", page.name);
        comment(&mut text, &page.about);
        let kind = if page.is_single { "None".to_owned() } else { format!("Literal[{}]", quoted(page.key)) };
        let _ = write!(text, "    page_type: {kind}\n    fields: {}\n", page.fields);
    }
    let lists: Vec<_> = outline.collections.iter().map(|(key, item)| (*key, format!("List[{item}]"))).collect();
    text += "\n\n# Collections by key, as `content_fields` answers them.\n";
    text += &functional("Collections", lists.iter().map(|(key, kind)| (*key, kind.clone(), "")));
    let locales = outline.locales.iter().map(|slug| quoted(slug)).collect::<Vec<_>>().join(", ");
    text +=
        &if locales.is_empty() { "\nLocale = str\n".to_owned() } else { format!("\nLocale = Literal[{locales}]\n") };
    text
}

fn typed_dict(group: &Group, outline: &Outline<'_>) -> String {
    let mut text = String::from("\n\n");
    let meta = group.is_item && group.members.iter().all(|member| member.key != "meta");
    let meta = meta.then(|| ("meta", "ItemMeta".to_owned(), ""));
    let members = group.members.iter().map(|member| (member.key.as_str(), shape(&member.shape), member.about.as_str()));
    let members: Vec<_> = meta.into_iter().chain(members).collect();
    if !members.iter().all(|(key, ..)| fits(key, outline)) {
        if !group.about.is_empty() {
            let _ = writeln!(text, "# {}", group.about);
        }
        return text + &functional(&group.name, members.into_iter());
    }
    let _ = writeln!(text, "class {}(TypedDict):", group.name);
    comment(&mut text, &group.about);
    for (key, kind, about) in &members {
        comment(&mut text, about);
        let _ = writeln!(text, "    {key}: {kind}");
    }
    if members.is_empty() {
        text += "    pass\n";
    }
    text
}

/// Whether a key can be a name in a class, and hides no type there. Names with two lines in front are changed there.
fn fits(key: &str, outline: &Outline<'_>) -> bool {
    let hides =
        outline.groups.iter().any(|group| group.name == key) || outline.pages.iter().any(|page| page.name == key);
    is_name(key)
        && !key.starts_with("__")
        && !UNFIT.contains(&key)
        && !hides
        && !matches!(key, "Media" | "Picked" | "Page")
}

/// The form for keys that are no names.
fn functional<'a>(name: &str, members: impl Iterator<Item = (&'a str, String, &'a str)>) -> String {
    let mut text = format!("{name} = TypedDict({}, {{\n", quoted(name));
    for (key, kind, about) in members {
        comment(&mut text, about);
        // In quotes, since what it names may come later.
        let _ = writeln!(text, "    {}: {},", quoted(key), quoted(&kind));
    }
    text + "})\n"
}

fn picked(outline: &Outline<'_>) -> String {
    let mut text = String::new();
    let mut kinds = Vec::new();
    for (place, (key, name)) in outline.components.iter().enumerate() {
        let kind = format!("Picked_{}", place + 1);
        let _ = write!(text, "\n\nclass {kind}(TypedDict):\n    type: Literal[{}]\n    fields: {name}\n", quoted(key));
        kinds.push(kind);
    }
    text += "\n\n# A component that was chosen.\n";
    if kinds.is_empty() {
        return text + "Picked = Dict[str, Any]\n";
    }
    text + &format!("Picked = Union[{}]\n", kinds.join(", "))
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Choice(_) => "str".into(),
        Shape::Date => "Optional[str]".into(),
        Shape::Number => "Optional[float]".into(),
        Shape::Boolean => "bool".into(),
        Shape::Json => "Any".into(),
        Shape::Media => "Media".into(),
        Shape::Link(names) => format!("Optional[Union[{}]]", link(names)),
        Shape::Links(names) => format!("List[Union[{}]]", link(names)),
        Shape::Group(name) => name.clone(),
        Shape::Groups(name) => format!("List[{name}]"),
        Shape::Picked => "List[Picked]".into(),
    }
}

/// What is linked to, or its address where the levels end.
fn link(names: &[String]) -> String {
    let linked = if names.is_empty() { "Page".to_owned() } else { names.join(", ") };
    linked + ", str"
}

fn comment(text: &mut String, about: &str) {
    if !about.is_empty() {
        let _ = writeln!(text, "    # {about}");
    }
}
