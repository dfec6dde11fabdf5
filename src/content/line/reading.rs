//! From a line to a field.

use serde_json::{Value, json};

use super::scanning::{split, unquoted, words};
use super::words::{LISTS, TEXTS, TYPES, kind, limited, nearest};
use crate::content::field::define::{check_key, title_from_key};
use crate::content::field::{Condition, Definition};

/// The longest key, in letters.
const LONGEST: usize = 100;

/// The field that a line describes.
///
/// # Errors
/// A sentence that says what is wrong and what to write.
pub fn read(line: &str) -> Result<Definition, String> {
    let words = words(line)?;
    let (first, rest) = words.split_first().ok_or("a field begins with its key: headline text")?;
    let mut field = named(first)?;
    let Some((typed, options)) = rest.split_first() else { return Ok(field) };
    let picture = read_type(typed, &mut field)?;
    for option in options {
        read_option(option, &mut field).map_err(|why| format!("{}: {why}", field.key))?;
    }
    if picture {
        field.options.entry("accept").or_insert_with(|| json!(["image"]));
    }
    Ok(field)
}

/// A text field of this key, or of this label in quotes.
fn named(first: &str) -> Result<Definition, String> {
    let label = first.starts_with('"').then(|| unquoted(first)).transpose()?;
    let key = label.as_deref().map_or_else(|| first.trim_end_matches(':').to_owned(), key_of);
    check_key(&key).map_err(|_| match &label {
        Some(label) => format!("“{label}” has no letter that a key can be made of"),
        None => format!("“{key}” is no key: use letters, digits, _ and -, and put the type behind it: headline text"),
    })?;
    let name = label.unwrap_or_else(|| title_from_key(&key));
    Ok(Definition { key, name, kind: "short_text".into(), ..Definition::default() })
}

/// The key that a label gives: `Größe (cm)` is `groesse_cm`.
pub fn key_of(label: &str) -> String {
    let mut key = String::new();
    for letter in label.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => key.push(letter),
            'ä' | 'æ' => key.push_str("ae"),
            'ö' | 'œ' | 'ø' => key.push_str("oe"),
            'ü' => key.push_str("ue"),
            'ß' => key.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' => key.push('a'),
            'è' | 'é' | 'ê' | 'ë' => key.push('e'),
            'ì' | 'í' | 'î' | 'ï' => key.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' => key.push('o'),
            'ù' | 'ú' | 'û' => key.push('u'),
            'ç' => key.push('c'),
            'ñ' => key.push('n'),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
    }
    key.truncate(LONGEST);
    key.trim_end_matches('_').to_owned()
}

/// Reads `ref(people)*`; whether it is a picture.
fn read_type(typed: &str, field: &mut Definition) -> Result<bool, String> {
    let marks = typed.len() - typed.trim_end_matches(['!', '*']).len();
    let (typed, marks) = typed.split_at(typed.len() - marks);
    let (word, arguments) = match typed.split_once('(') {
        None => (typed, None),
        Some((word, rest)) => {
            let inside =
                rest.strip_suffix(')').ok_or_else(|| format!("{word}: what follows the bracket needs a space"))?;
            (word, Some(inside))
        }
    };
    let known = kind(word).ok_or_else(|| unknown(word))?;
    let picture = known == "image";
    field.kind = if picture { "media" } else { known }.into();
    field.required = marks.contains('!');
    if marks.contains('*') {
        if field.kind != "reference" {
            return Err(format!("{}: * is for links to many, as in {} ref(people)*", field.key, field.key));
        }
        field.options.insert("many".into(), json!(true));
    }
    match arguments {
        Some(inside) => read_arguments(inside, field)?,
        None => need_arguments(field)?,
    }
    Ok(picture)
}

fn unknown(word: &str) -> String {
    let all: Vec<&str> = TYPES.iter().map(|known| known.word).collect();
    match nearest(word) {
        Some(near) => format!("there is no type “{word}”; is it {near}? The types are {}", all.join(", ")),
        None => format!("there is no type “{word}”; the types are {}", all.join(", ")),
    }
}

fn need_arguments(field: &Definition) -> Result<(), String> {
    let example = match field.kind.as_str() {
        "reference" => "ref(people)",
        "component" => "part(hero)",
        "dropdown" => "choice(red,green)",
        "repeater" => "list(day text; hours text)",
        _ => return Ok(()),
    };
    Err(format!("{}: what can be chosen stands in brackets: {} {example}", field.key, field.key))
}

fn read_arguments(inside: &str, field: &mut Definition) -> Result<(), String> {
    let (name, value) = match field.kind.as_str() {
        "reference" => ("to", target(inside)),
        "component" => ("component", json!(inside.trim())),
        "component_picker" => ("components", json!(split(inside, |letter| letter == ',')?)),
        "dropdown" => {
            let choices = split(inside, |letter| letter == ',')?;
            ("options", Value::Array(choices.into_iter().map(choice).collect::<Result<_, _>>()?))
        }
        "repeater" => {
            let lines = split(inside, |letter| letter == ';')?;
            ("fields", json!(lines.into_iter().map(read).collect::<Result<Vec<_>, _>>()?))
        }
        other => return Err(format!("{}: {other} takes nothing in brackets", field.key)),
    };
    if value != json!([]) {
        field.options.insert(name.into(), value);
    }
    Ok(())
}

/// `people` is a collection, `page:landing` a page type, `page:*` any single page.
fn target(inside: &str) -> Value {
    match inside.trim().split_once(':') {
        Some(("page", key)) => json!({"page_type": key.trim()}),
        _ => json!({"collection": inside.trim()}),
    }
}

/// `split` or `split="Two columns"`.
fn choice(typed: &str) -> Result<Value, String> {
    let parts = split(typed, |letter| letter == '=')?;
    match parts.as_slice() {
        [value] => Ok(json!({"value": unquoted(value)?})),
        [value, label] => Ok(json!({"value": unquoted(value)?, "label": unquoted(label)?})),
        _ => Err(format!("“{typed}” is no choice: write value or value=\"What editors read\"")),
    }
}

fn read_option(typed: &str, field: &mut Definition) -> Result<(), String> {
    let (name, value) = match typed.split_once(':') {
        Some((name, value)) => (name, value),
        None if typed.starts_with('"') => {
            return Err(format!("{typed} stands alone: write help:{typed} or label:{typed}"));
        }
        None => (typed, "true"),
    };
    if value.is_empty() {
        return Err(format!("there is nothing behind {name}:, and no space may be there"));
    }
    match name {
        "label" => field.name = unquoted(value)?,
        "help" => field.help = unquoted(value)?,
        "was" => field.was = Some(unquoted(value)?),
        "required" => field.required = truth(name, value)?,
        "unique" => field.unique = truth(name, value)?,
        "default" => field.default = Some(any(value)?),
        "width" => field.width = Some(unquoted(value)?),
        "only" => field.only = Some(unquoted(value)?),
        "alias" => field.aliases = list(value)?,
        "if" => field.show_if = Some(condition(value)?),
        _ => {
            let (name, value) = own_option(name, value, &field.kind)?;
            field.options.insert(name, value);
        }
    }
    Ok(())
}

/// An option of the type: `max:60` of a text is `"max_length": 60`.
fn own_option(name: &str, value: &str, kind: &str) -> Result<(String, Value), String> {
    let full = match name {
        "ratio" => "shape".to_owned(),
        "min" | "max" => match limited(kind) {
            Some(end) => format!("{name}{end}"),
            None => return Err(format!("{name} has no meaning for {kind}")),
        },
        other => other.to_owned(),
    };
    let value = if TEXTS.contains(&full.as_str()) {
        json!(unquoted(value)?)
    } else if LISTS.contains(&full.as_str()) {
        json!(list(value)?)
    } else {
        any(value)?
    };
    Ok((full, value))
}

fn truth(name: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{name} is true or false"))
}

/// JSON, or else a text.
fn any(value: &str) -> Result<Value, String> {
    serde_json::from_str(value).or_else(|_| unquoted(value).map(Value::String))
}

/// `a,b` or JSON.
fn list(value: &str) -> Result<Vec<String>, String> {
    if value.starts_with('[') {
        return serde_json::from_str(value).map_err(|_| format!("{value} is no list of words"));
    }
    split(value, |letter| letter == ',')?.into_iter().map(unquoted).collect()
}

/// `layout=split|wide`
fn condition(value: &str) -> Result<Condition, String> {
    let usage = || format!("“{value}” is no condition: write if:layout=split, with | between several values");
    let (field, wanted) = value.split_once('=').ok_or_else(usage)?;
    let wanted = split(wanted, |letter| letter == '|')?;
    let wanted = wanted.into_iter().map(unquoted).collect::<Result<Vec<_>, _>>()?;
    if wanted.is_empty() { Err(usage()) } else { Ok(Condition { field: field.into(), is: wanted }) }
}
