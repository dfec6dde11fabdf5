//! TypeScript.

use std::fmt::Write as _;

use super::names::{is_name, quoted};
use super::outline::{Group, Outline, Page, Shape};
use super::{MediaForm, NOTE};

/// The type of what a picker of components holds.
const PICKED: &str = "Picked";

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
    text.push('\n');
    for page in &outline.pages {
        text += &alias(page);
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

/// The type of this name, followed by those that it is made of.
pub(super) fn excerpt(outline: &Outline<'_>, name: &str) -> String {
    let mut text = String::new();
    let mut names = vec![name];
    let mut at = 0;
    while let Some(&name) = names.get(at) {
        at += 1;
        let mut made_of: Vec<&str> = Vec::new();
        if let Some(group) = outline.groups.iter().find(|group| group.name == name) {
            text += &interface(group);
            for member in &group.members {
                made_of.extend(member.shape.names().iter().map(String::as_str));
                made_of.extend(matches!(member.shape, Shape::Picked).then_some(PICKED));
            }
        } else if let Some(page) = outline.pages.iter().find(|page| page.name == name) {
            text = text + "\n" + &alias(page);
            made_of.push(&page.fields);
        } else if name == PICKED {
            text += &picked(outline);
            made_of.extend(outline.components.iter().map(|(_, name)| name.as_str()));
        }
        for name in made_of {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    text.trim_start().to_owned()
}

fn alias(page: &Page<'_>) -> String {
    let mut text = String::new();
    comment(&mut text, "", &page.about);
    let kind = if page.is_single { "null".to_owned() } else { quoted(page.key) };
    let _ = writeln!(text, "export type {} = Page<{}, {kind}>;", page.name, page.fields);
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
    let mut text = format!("\n/** A component that was chosen. */\nexport type {PICKED} =");
    for (key, name) in &outline.components {
        let _ = write!(text, "\n  | {{ type: {}; fields: {name} }}", quoted(key));
    }
    if outline.components.is_empty() {
        text += " { type: string; fields: Record<string, unknown> }";
    }
    text + ";\n"
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
        Shape::Picked => format!("{PICKED}[]"),
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
