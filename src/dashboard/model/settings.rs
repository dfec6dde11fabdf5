//! The settings of a field or a group as a form, and back.

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde_json::{Map, Value as Json, json};

use super::words;
use crate::content::blueprint::{GroupTexts, Shelf, Spot};
use crate::content::definition::{Definition, GroupDefinition};
use crate::content::field::define::title_from_key;
use crate::content::field::wysiwyg::Format;
use crate::content::field::{Condition, Definition as Field, Only};
use crate::content::line::{TYPES, read, write};
use crate::dashboard::form::Sent;

/// An option of a type.
struct Own {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    form: Form,
}

/// How an option is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A whole number from 0.
    Count,
    /// Any number or, for dates, a day.
    Limit,
    Text,
    Switch,
    /// Any of these words.
    Words(&'static [&'static str]),
    Formats,
    /// One a line: `value` or `value = What editors read`.
    Choices,
    Component,
    Components,
    Target,
}

const fn own(name: &'static str, label: &'static str, hint: &'static str, form: Form) -> Own {
    Own { name, label, hint, form }
}

const LENGTHS: [Own; 2] =
    [own("min_length", "Fewest characters", "", Form::Count), own("max_length", "Most characters", "", Form::Count)];
const ITEMS: [Own; 2] =
    [own("min_items", "Fewest", "Where there are any", Form::Count), own("max_items", "Most", "", Form::Count)];
const LIMITS: [Own; 2] = [own("min", "Smallest", "", Form::Limit), own("max", "Largest", "", Form::Limit)];

/// The options of a type, in the order of the form.
fn options(kind: &str) -> Vec<Own> {
    let pattern = || own("pattern", "Pattern", "A regular expression that the whole text must match", Form::Text);
    let mut all = Vec::new();
    match kind {
        "short_text" | "long_text" => {
            all.extend(LENGTHS);
            all.push(pattern());
        }
        "wysiwyg" => {
            all.push(own(
                "formats",
                "Formats",
                "What the editor offers; everything when none is ticked",
                Form::Formats,
            ));
            all.extend(LENGTHS);
        }
        "html" => all.extend(LENGTHS),
        "markdown" => {
            all.push(own("rendered", "Answer HTML", "Instead of the Markdown as typed", Form::Switch));
            all.extend(LENGTHS);
        }
        "number" => {
            all.extend(LIMITS);
            all.push(own("whole", "Whole numbers only", "", Form::Switch));
        }
        "date" | "date_time" => {
            all.push(own("min", "First day", "2026-03-15", Form::Limit));
            all.push(own("max", "Last day", "2026-12-31", Form::Limit));
        }
        "dropdown" => {
            all.push(own("options", "Choices", "One a line: value, or value = What editors read", Form::Choices))
        }
        "media" => {
            all.push(own(
                "accept",
                "Kinds of files",
                "All when none is ticked",
                Form::Words(&["image", "video", "audio", "document"]),
            ));
            all.push(own("shape", "Shape", "Width to height, as 16:9", Form::Text));
            all.push(own("min_width", "Fewest pixels in width", "", Form::Count));
            all.push(own("max_size", "Most bytes", "", Form::Count));
        }
        "reference" => {
            all.push(own("to", "Links to", "", Form::Target));
            all.push(own("many", "Many links", "", Form::Switch));
            all.extend(ITEMS);
        }
        "component" => all.push(own("component", "Component", "", Form::Component)),
        "component_picker" => {
            all.push(own("components", "Components", "All when none is ticked", Form::Components));
            all.extend(ITEMS);
        }
        "repeater" => all.extend(ITEMS),
        _ => {}
    }
    all
}

/// Whether two entries with one value can be told apart from a mistake.
fn may_be_unique(kind: &str) -> bool {
    matches!(kind, "short_text" | "number" | "url" | "email" | "date" | "date_time" | "color" | "dropdown")
}

/// Whether a text says what is there from the start.
fn has_default(kind: &str) -> bool {
    !matches!(kind, "component" | "component_picker" | "repeater" | "media" | "reference")
}

/// The form of a field.
pub(super) fn of_field(board: &Definition, group: &GroupDefinition, path: &str, field: &Field) -> Value {
    let controls: Vec<Value> = options(&field.kind).iter().map(|own| control(board, field, own)).collect();
    let kinds: Vec<Value> = kinds(field.kind.as_str());
    let inside = path.contains('.');
    // Conditions look at fields of the same list.
    let others: Vec<String> = group
        .fields
        .iter()
        .filter(|other| other.dropped.is_none() && other.key != field.key && is_asked(&other.kind))
        .map(|other| other.key.clone())
        .filter(|_| !inside)
        .collect();
    context! {
        of => "field",
        name => field.name.clone(), key => field.key.clone(), help => field.help.clone(), kind => field.kind.clone(), kinds,
        required => field.required, unique => field.unique, may_be_unique => may_be_unique(&field.kind),
        default => field.default.as_ref().map(as_text), has_default => has_default(&field.kind),
        half => field.width.as_deref() == Some("half"),
        only => field.only.clone(), roles => Only::ALL.map(Only::as_str).to_vec(),
        condition => field.show_if.as_ref().map(|condition| context! { field => condition.field.clone(), is => condition.is.join("\n") }),
        others, aliases => field.aliases.join(", "), controls, line => write(&Field { id: None, ..field.clone() }),
        saved => field.id.is_some(),
    }
}

/// Whether other fields can depend on what it holds.
fn is_asked(kind: &str) -> bool {
    matches!(kind, "dropdown" | "checkbox" | "short_text" | "number")
}

fn kinds(current: &str) -> Vec<Value> {
    let once = |word: &&crate::content::line::TypeWord| word.word != "file";
    let called =
        |word: &str, about: &str| if word == "image" { "A picture or file".to_owned() } else { about.to_owned() };
    TYPES
        .iter()
        .filter(once)
        .map(|word| context! { kind => word.kind, about => called(word.word, word.about), chosen => word.kind == current })
        .collect()
}

/// A value as it is typed.
fn as_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn control(board: &Definition, field: &Field, own: &Own) -> Value {
    let value = field.options.get(own.name).cloned().unwrap_or_default();
    let chosen = |word: &str| value.as_array().is_some_and(|words| words.contains(&json!(word)));
    let boxes = |words: Vec<String>| -> Vec<Value> {
        words
            .into_iter()
            .map(|word| context! { value => word.clone(), label => word.clone(), chosen => chosen(&word) })
            .collect()
    };
    let keys = |shelf: Shelf| board.shelf(shelf).iter().map(|group| group.key.clone()).collect::<Vec<_>>();
    let (form, value, choices) = match own.form {
        Form::Count => ("number", text(&value), Vec::new()),
        Form::Limit | Form::Text => ("text", text(&value), Vec::new()),
        Form::Switch => ("switch", (value == json!(true)).to_string(), Vec::new()),
        Form::Words(words) => ("boxes", String::new(), boxes(words.iter().map(|word| (*word).to_owned()).collect())),
        Form::Formats => {
            let all = Format::ALL.map(|format| json!(format).as_str().unwrap_or_default().to_owned());
            ("boxes", String::new(), boxes(all.to_vec()))
        }
        Form::Components => ("boxes", String::new(), boxes(keys(Shelf::Components))),
        Form::Choices => ("area", choices_text(&value), Vec::new()),
        Form::Component => {
            let one =
                |key: String| context! { value => key.clone(), label => key.clone(), chosen => value == json!(key) };
            ("select", String::new(), keys(Shelf::Components).into_iter().map(one).collect())
        }
        Form::Target => ("select", String::new(), targets(board, &value)),
    };
    context! { name => own.name, label => own.label, hint => own.hint, form, value, choices }
}

fn text(value: &Json) -> String {
    if value.is_null() { String::new() } else { as_text(value) }
}

fn choices_text(value: &Json) -> String {
    let line = |choice: &Json| {
        let value = choice["value"].as_str().unwrap_or_default();
        match choice["label"].as_str().filter(|label| !label.is_empty()) {
            Some(label) => format!("{value} = {label}"),
            None => value.to_owned(),
        }
    };
    value.as_array().map_or(&[][..], Vec::as_slice).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn targets(board: &Definition, value: &Json) -> Vec<Value> {
    let mut all = Vec::new();
    let mut add = |name: String, label: String, to: Json| {
        all.push(context! { value => name, label, chosen => *value == to });
    };
    for group in &board.collections {
        add(format!("k.{}", group.key), format!("Items of {}", group.name), json!({"collection": group.key}));
    }
    for group in &board.page_types {
        add(format!("p.{}", group.key), format!("Pages of {}", group.name), json!({"page_type": group.key}));
    }
    add("p.*".into(), "Any single page".into(), json!({"page_type": "*"}));
    all
}

/// The field that a form describes. `before` is what it was, whose kind the form was made for.
///
/// # Errors
/// What is wrong, by the name of the control.
pub(super) fn read_field(sent: &Sent, before: &Field, board: &Definition) -> Result<Field, Vec<(String, String)>> {
    let mut wrong = Vec::new();
    let kind = if sent.text("kind").is_empty() { before.kind.clone() } else { sent.text("kind").to_owned() };
    let mut own_options = Map::new();
    if kind == before.kind {
        for own in options(&kind) {
            match read_option(sent, &own, board) {
                Ok(Some(value)) => {
                    own_options.insert(own.name.into(), value);
                }
                Ok(None) => {}
                Err(why) => wrong.push((own.name.to_owned(), why)),
            }
        }
    } else {
        own_options = begin_options(&kind, before, board).map_err(|why| vec![("kind".into(), why)])?;
    }
    let filled = |name: &str| Some(sent.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let is: Vec<String> =
        sent.text("if_is").lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let show_if = filled("if_field").map(|field| Condition { field, is });
    if show_if.as_ref().is_some_and(|condition| condition.is.is_empty()) {
        wrong.push(("if_is".into(), "Say which values show the field, one a line.".into()));
    }
    let words = |name: &str| {
        sent.text(name).split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let key = filled("key").unwrap_or_else(|| before.key.clone());
    let name = filled("name").unwrap_or_else(|| title_from_key(&key));
    let default = filled("default").filter(|_| has_default(&kind));
    let field = Field {
        id: before.id,
        name,
        key,
        help: filled("help").unwrap_or_default(),
        required: sent.text("required") == "true",
        unique: sent.text("unique") == "true" && may_be_unique(&kind),
        default: default.map(|text| {
            serde_json::from_str(&text)
                .ok()
                .filter(|value: &Json| !value.is_object() || kind == "json")
                .unwrap_or_else(|| json!(text))
        }),
        width: (sent.text("half") == "true").then(|| "half".to_owned()),
        only: filled("only"),
        show_if,
        aliases: words("aliases"),
        was: None,
        dropped: None,
        options: own_options,
        kind,
    };
    if wrong.is_empty() { Ok(field) } else { Err(wrong) }
}

/// What a type needs from the start.
fn begin_options(kind: &str, before: &Field, board: &Definition) -> Result<Map<String, Json>, String> {
    let first = |shelf: Shelf| board.shelf(shelf).first().map(|group| group.key.clone());
    let mut options = Map::new();
    match kind {
        "reference" => {
            let to = first(Shelf::Collections).map(|key| json!({"collection": key}));
            let to = to.or_else(|| first(Shelf::PageTypes).map(|key| json!({"page_type": key})));
            options.insert("to".into(), to.unwrap_or_else(|| json!({"page_type": "*"})));
        }
        "component" => {
            let key = first(Shelf::Components).ok_or("There is no component yet: add one first.")?;
            options.insert("component".into(), json!(key));
        }
        "dropdown" => {
            options.insert("options".into(), json!([{"value": "one"}, {"value": "two"}]));
        }
        "repeater" => {
            options.insert("fields".into(), json!([{"key": "text", "name": "Text", "type": "short_text"}]));
        }
        // Lengths mean the same in all texts.
        _ => {
            let both = self::options(kind).into_iter().map(|own| own.name);
            let kept = both.filter_map(|name| Some((name.to_owned(), before.options.get(name)?.clone())));
            options.extend(kept.filter(|(name, _)| name.ends_with("_length")));
        }
    }
    Ok(options)
}

fn read_option(sent: &Sent, own: &Own, board: &Definition) -> Result<Option<Json>, String> {
    let typed = sent.text(own.name).trim();
    let ticked = |words: &mut dyn Iterator<Item = String>| {
        let all: Vec<String> = words.filter(|word| sent.text(&format!("{}.{word}", own.name)) == "true").collect();
        (!all.is_empty()).then(|| json!(all))
    };
    Ok(match own.form {
        Form::Switch => (typed == "true").then(|| json!(true)),
        Form::Words(words) => ticked(&mut words.iter().map(|word| (*word).to_owned())),
        Form::Formats => {
            ticked(&mut Format::ALL.iter().map(|format| json!(format).as_str().unwrap_or_default().to_owned()))
        }
        Form::Components => ticked(&mut board.components.iter().map(|group| group.key.clone())),
        Form::Choices => Some(read_choices(sent.text(own.name))?),
        _ if typed.is_empty() => None,
        Form::Count => Some(json!(typed.parse::<u64>().map_err(|_| "Enter a whole number, such as 60.")?)),
        Form::Limit => Some(serde_json::from_str(typed).ok().filter(Json::is_number).unwrap_or_else(|| json!(typed))),
        Form::Text | Form::Component => Some(json!(typed)),
        Form::Target => Some(match typed.split_once('.') {
            Some(("k", key)) => json!({"collection": key}),
            Some((_, key)) => json!({"page_type": key}),
            None => return Err("Choose what it links to.".into()),
        }),
    })
}

fn read_choices(typed: &str) -> Result<Json, String> {
    let line = |line: &str| match line.split_once('=') {
        Some((value, label)) if !label.trim().is_empty() => json!({"value": value.trim(), "label": label.trim()}),
        _ => json!({"value": line.trim_end_matches('=').trim()}),
    };
    let choices: Vec<Json> = typed.lines().map(str::trim).filter(|text| !text.is_empty()).map(line).collect();
    if choices.is_empty() { Err("Write at least one choice.".into()) } else { Ok(json!(choices)) }
}

/// The field that a line describes, in the place of another.
///
/// # Errors
/// A sentence about the line.
pub(super) fn read_line(line: &str, before: &Field) -> Result<Field, String> {
    let mut field = read(line.trim())?;
    field.id = before.id;
    Ok(field)
}

/// The form of a group.
pub(super) fn of_group(spot: &Spot, group: &GroupDefinition) -> Value {
    let fields: Vec<String> =
        group.fields.iter().filter(|field| field.dropped.is_none()).map(|field| field.key.clone()).collect();
    context! {
        of => "group", name => group.name.clone(), key => group.key.clone(), help => group.help.clone(),
        label => group.label.clone(), labelled => spot.shelf == Shelf::Collections, fields => Value::from(Serde(fields)),
        noun => words::sentence(spot.shelf.noun()).trim_end_matches('.').to_owned(), saved => group.id.is_some(),
    }
}

/// What a form says of a group.
pub(super) fn read_group(sent: &Sent, spot: &Spot) -> GroupTexts {
    let text = |name: &str| sent.text(name).trim().to_owned();
    let key = if text("key").is_empty() { spot.key.clone() } else { text("key") };
    let label = Some(text("label")).filter(|label| !label.is_empty());
    let name = if text("name").is_empty() { title_from_key(&key) } else { text("name") };
    GroupTexts { key, name, help: text("help"), label }
}
