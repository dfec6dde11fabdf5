//! TypeScript.

use std::fmt::Write as _;

use super::names::{is_name, quoted};
use super::outline::{Group, Outline, Shape};
use super::{MediaForm, NOTE};

/// Of every file.
const HEAD: &str = r#"export type Status = "draft" | "published" | "scheduled";

/** What is linked to, or its address where the levels end. */
export type Link<Entry> = Entry | string;

/** What all pages have. Moments are texts: `2026-03-15T08:00:00Z`. */
export interface Page<Fields = unknown, Type extends string | null = string | null> {
  slug: string;
  name: string;
  published: string | null;
  updated: string;
  page_type: Type;
  status: Status;
  scheduled: string | null;
  fields: Fields;
}
"#;

pub(super) fn write(outline: &Outline<'_>, media: MediaForm) -> String {
    let mut text = format!("// {NOTE}\n\n");
    text += match media {
        MediaForm::Address => {
            "/** The address of a picture or file; empty without one. */\nexport type Media = string;\n"
        }
        MediaForm::WithText => {
            "/** A picture or file; an empty text without one. */\nexport type Media = { url: string; alt: string } | string;\n"
        }
    };
    text += HEAD;
    for group in &outline.groups {
        text += &interface(group);
    }
    text += &picked(outline);
    for page in &outline.pages {
        let kind = if page.is_single { "null".to_owned() } else { quoted(page.key) };
        comment(&mut text, "", &page.about);
        let _ = writeln!(text, "export type {} = Page<{}, {kind}>;", page.name, page.fields);
    }
    let pages = |single| outline.pages(single).map(|page| (page.key, page.name.clone())).collect::<Vec<_>>();
    text += &map("Page types by key.", "PageTypes", &pages(false));
    text += &map("Single pages by slug.", "SinglePages", &pages(true));
    let lists: Vec<_> = outline.collections.iter().map(|(key, item)| (*key, format!("{item}[]"))).collect();
    text += &map("Collections by key, as `content.retrieve` answers them.", "Collections", &lists);
    let locales = outline.locales.iter().map(|slug| quoted(slug)).collect::<Vec<_>>().join(" | ");
    let _ = writeln!(text, "\nexport type Locale = {};", if locales.is_empty() { "string" } else { &locales });
    text
}

fn interface(group: &Group) -> String {
    let mut text = String::from("\n");
    comment(&mut text, "", &group.about);
    let _ = writeln!(text, "export interface {} {{", group.name);
    if group.is_item && group.members.iter().all(|member| member.key != "meta") {
        text += "  meta: { id: number };\n";
    }
    for member in &group.members {
        comment(&mut text, "  ", &member.about);
        let _ = writeln!(text, "  {}: {};", name(&member.key), shape(&member.shape));
    }
    text + "}\n"
}

fn picked(outline: &Outline<'_>) -> String {
    let mut text = String::from("\n/** A component that was chosen. */\nexport type Picked =");
    for (key, name) in &outline.components {
        let _ = write!(text, "\n  | {{ type: {}; fields: {name} }}", quoted(key));
    }
    if outline.components.is_empty() {
        text += " { type: string; fields: Record<string, unknown> }";
    }
    text + ";\n\n"
}

fn map(about: &str, name_of_map: &str, members: &[(&str, String)]) -> String {
    let mut text = String::from("\n");
    comment(&mut text, "", about);
    let _ = writeln!(text, "export interface {name_of_map} {{");
    for (key, kind) in members {
        let _ = writeln!(text, "  {}: {kind};", name(key));
    }
    text + "}\n"
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".into(),
        Shape::Date => "string | null".into(),
        Shape::Number => "number | null".into(),
        Shape::Boolean => "boolean".into(),
        Shape::Json => "unknown".into(),
        Shape::Media => "Media".into(),
        Shape::Choice(values) => {
            // Editors offer the values, and others are allowed.
            values.iter().map(|value| quoted(value) + " | ").collect::<String>() + "(string & {})"
        }
        Shape::Link(names) => format!("{} | null", link(names)),
        Shape::Links(names) => format!("{}[]", link(names)),
        Shape::Group(name) => name.clone(),
        Shape::Groups(name) => format!("{name}[]"),
        Shape::Picked => "Picked[]".into(),
    }
}

fn link(names: &[String]) -> String {
    format!("Link<{}>", if names.is_empty() { "Page".to_owned() } else { names.join(" | ") })
}

fn name(key: &str) -> String {
    if is_name(key) { key.to_owned() } else { quoted(key) }
}

fn comment(text: &mut String, indent: &str, about: &str) {
    if !about.is_empty() {
        let _ = writeln!(text, "{indent}/** {about} */");
    }
}
