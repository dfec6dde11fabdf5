use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::{key_of, read, read_all, write};
use crate::content::field::{Condition, Definition};

fn options(line: &str) -> Value {
    Value::Object(read(line).expect(line).options)
}

#[test]
fn the_lines_of_the_handbook_are_fields() {
    let headline = read("headline text! max:60").expect("a field");
    assert_eq!((headline.kind.as_str(), headline.required, headline.name.as_str()), ("short_text", true, "Headline"));
    assert_eq!(headline.options, *json!({"max_length": 60}).as_object().expect("options"));
    assert_eq!(options("image image! ratio:16:9"), json!({"accept": ["image"], "shape": "16:9"}));
    assert_eq!(options("body rich formats:bold,link"), json!({"formats": ["bold", "link"]}));
    assert_eq!(options("team ref(people)*"), json!({"to": {"collection": "people"}, "many": true}));
    assert_eq!(options("next ref(page:landing)"), json!({"to": {"page_type": "landing"}}));
    assert_eq!(
        options("sections blocks(hero,quote,cta) max:20"),
        json!({"components": ["hero", "quote", "cta"], "max_items": 20})
    );
    assert_eq!(
        options("layout choice(wide,split=\"Two columns\")"),
        json!({"options": [{"value": "wide"}, {"value": "split", "label": "Two columns"}]})
    );
    assert_eq!(options("price number min:0 max:9.5 whole"), json!({"min": 0, "max": 9.5, "whole": true}));
    let hours = options("hours list(day text!; from text) max:7");
    assert_eq!(
        (&hours["fields"][0]["key"], &hours["fields"][1]["type"], &hours["max_items"]),
        (&json!("day"), &json!("short_text"), &json!(7))
    );
}

#[test]
fn a_label_in_quotes_gives_the_key() {
    let field = read("\"Größe (in cm)\" number! help:\"Of the \\\"lid\\\"\"").expect("a field");
    assert_eq!((field.key.as_str(), field.name.as_str()), ("groesse_in_cm", "Größe (in cm)"));
    assert_eq!(field.help, "Of the \"lid\"");
    assert_eq!(key_of("¡¿?!"), "");
    assert_eq!(read("teaser").map(|field| field.kind), Ok("short_text".into()));
    assert_eq!(read("teaser: long").map(|field| field.kind), Ok("long_text".into()), "a colon does no harm");
}

#[test]
fn what_is_wrong_is_said_by_line_and_in_plain_words() {
    let wrong = read_all("# hero\nheadline txt!\n\nteam ref\nlayout choice(a\nbody rich formats:\nteam text*")
        .expect_err("wrong");
    let said: Vec<(usize, &str)> = wrong.iter().map(|wrong| (wrong.line, wrong.text.as_str())).collect();
    assert_eq!(said.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 5, 6, 7]);
    for (place, words) in
        ["is it text?", "team ref(people)", "bracket is opened", "nothing behind formats:", "links to many"]
            .iter()
            .enumerate()
    {
        assert!(said[place].1.contains(words), "{}", said[place].1);
    }
    assert!(read("größe text").expect_err("no key").contains("is no key"));
    assert!(read("color color max:3").expect_err("no limit").contains("max has no meaning"));
    assert!(read("title text \"Title\"").expect_err("alone").contains("label:\"Title\""));
    assert_eq!(read_all("\n # nothing\n"), Ok(Vec::new()));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "\\PC{1,12}",
        Just("true".to_owned()),
        Just("12".to_owned()),
        Just("a \"b\" (c),;:=|".to_owned())
    ]
}

fn limits(end: &'static str) -> impl Strategy<Value = Map<String, Value>> {
    (of(0..50_u32), of(50..900_u32)).prop_map(move |(min, max)| {
        let both = [("min", min), ("max", max)];
        both.into_iter().filter_map(|(name, limit)| Some((format!("{name}{end}"), json!(limit?)))).collect()
    })
}

fn some(name: &'static str, all: &'static [&'static str]) -> impl Strategy<Value = Map<String, Value>> {
    subsequence(all, 0..=all.len()).prop_map(move |words| {
        if words.is_empty() { Map::new() } else { Map::from_iter([(name.to_owned(), json!(words))]) }
    })
}

fn both(
    one: impl Strategy<Value = Map<String, Value>>,
    other: impl Strategy<Value = Map<String, Value>>,
) -> impl Strategy<Value = Map<String, Value>> {
    (one, other).prop_map(|(one, other)| one.into_iter().chain(other).collect())
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// A type with options that it can have.
fn kind() -> BoxedStrategy<(&'static str, Map<String, Value>)> {
    let plain = select(vec!["checkbox", "color", "url", "email", "json", "form"]).prop_map(|kind| (kind, Map::new()));
    let texts = (select(vec!["short_text", "long_text"]), limits("_length"), of(text())).prop_map(
        |(kind, mut options, pattern)| {
            options.extend(pattern.map(|pattern| ("pattern".to_owned(), json!(pattern))));
            (kind, options)
        },
    );
    let rich = both(limits("_length"), some("formats", &["bold", "link", "h2", "lists"]))
        .prop_map(|options| ("wysiwyg", options));
    let html = limits("_length").prop_map(|options| ("html", options));
    let number = both(limits(""), some("whole", &[])).prop_map(|options| ("number", options));
    let day = of("20[0-9]{2}-0[1-9]-1[0-9]")
        .prop_map(|min| ("date", min.map(|min| object(json!({"min": min}))).unwrap_or_default()));
    let media = (some("accept", &["image", "video"]), any::<bool>(), of(1..5000_u32)).prop_map(
        |(mut options, shape, width)| {
            if shape {
                options.insert("shape".into(), json!("16:9"));
            }
            options.extend(width.map(|width| ("min_width".to_owned(), json!(width))));
            ("media", options)
        },
    );
    let choices = vec((text(), of(text())), 1..4).prop_map(|choices| {
        let choice = |(value, label): (String, Option<String>)| match label {
            Some(label) => json!({"value": value, "label": label}),
            None => json!({"value": value}),
        };
        ("dropdown", object(json!({"options": choices.into_iter().map(choice).collect::<Vec<_>>()})))
    });
    let reference =
        (prop_oneof![Just(json!({"collection": "people"})), Just(json!({"page_type": "*"}))], any::<bool>()).prop_map(
            |(to, many)| {
                (
                    "reference",
                    object(if many { json!({"to": to, "many": true, "max_items": 3}) } else { json!({"to": to}) }),
                )
            },
        );
    let component = Just(("component", object(json!({"component": "hero"}))));
    let picker = both(limits("_items"), some("components", &["hero", "quote"]))
        .prop_map(|options| ("component_picker", options));
    prop_oneof![plain, texts, rich, html, number, day, media, choices, reference, component, picker].boxed()
}

fn field() -> impl Strategy<Value = Definition> {
    let condition = (text(), vec(text(), 1..3)).prop_map(|(_, is)| Condition { field: "layout".into(), is });
    let rules = (
        any::<bool>(),
        any::<bool>(),
        of(prop_oneof![text().prop_map(Value::from), Just(json!(4.5)), Just(json!({"a": [1, " b "]}))]),
    );
    let form = (of(Just("half".to_owned())), of(Just("editor".to_owned())), of(condition), vec("[a-z_]{1,5}", 0..3));
    ("[a-zA-Z0-9_-]{1,12}", text(), of(text()), kind(), rules, form).prop_map(
        |(key, name, help, (kind, options), (required, unique, default), (width, only, show_if, aliases))| Definition {
            key,
            name,
            kind: kind.into(),
            help: help.unwrap_or_default(),
            required,
            unique,
            default,
            width,
            only,
            show_if,
            aliases,
            options,
            ..Definition::default()
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same_field(field in field()) {
        let line = write(&field);
        prop_assert_eq!(read(&line), Ok(field), "{}", line);
    }

    #[test]
    fn lists_hold_fields_of_any_kind(inner in vec(field(), 1..4), max in 1..20_u32) {
        let options = object(json!({"fields": inner, "max_items": max}));
        let field = Definition { key: "all".into(), name: "All".into(), kind: "repeater".into(), options, ..Definition::default() };
        let line = write(&field);
        prop_assert_eq!(read(&line), Ok(field), "{}", line);
    }

    #[test]
    fn no_line_ends_in_a_panic(line in "\\PC{0,60}") {
        let _ = read_all(&line);
    }
}
