use serde_json::{Value, json};

use super::{Change, Difference, compare, in_words};
use crate::content::definition::{Definition, Ids};
use crate::content::entry::{EntryId, Origin, Revision, RevisionId};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::Model;

fn model() -> Model {
    let definition = json!({
        "larder_schema": 1,
        "components": [
            {"key": "hero", "fields": [{"key": "headline", "type": "short_text"}, {"key": "image", "type": "media"}]},
            {"key": "text", "fields": [{"key": "body", "type": "wysiwyg"}]},
        ],
        "page_types": [{"key": "landing", "fields": [
            {"key": "teaser", "type": "short_text"},
            {"key": "body", "type": "component_picker"},
            {"key": "links", "type": "repeater", "fields": [{"key": "label", "type": "short_text"}]},
        ]}],
    });
    Definition::parse(&definition.to_string()).and_then(|read| read.to_model(&mut Ids::default())).expect("a model")
}

/// A landing page's revision whose values are spelled by key.
fn revision(model: &Model, name: &str, fields: Value) -> Revision {
    let schema = model.page_type("landing").expect("there");
    // Archives spell values by key, but leave ids of elements out.
    let mut stored = crate::content::field::from_archive(&schema.fields, &fields, model);
    for (field, member) in [("body", "id"), ("links", "_id")] {
        let key = schema.fields().find(|one| one.key == field).expect("there").id.storage_key();
        let given = fields[field].as_array().into_iter().flatten();
        for (place, element) in given.enumerate() {
            if let Some(id) = element.get("@id") {
                stored[&key][place][member] = id.clone();
            }
        }
    }
    Revision {
        id: RevisionId(1),
        entry: EntryId(1),
        locale: LocaleId(0),
        name: name.into(),
        slug: Some("a".into()),
        fields: stored,
        at: Moment::from_micros(0),
        by: "A".into(),
        why: "edited".into(),
        kind: Origin::Edit,
        named: None,
    }
}

fn changes(old: Value, new: Value) -> Vec<Change> {
    let model = model();
    let schema = model.page_type("landing").expect("there");
    compare(&model, schema, &revision(&model, "A", old), &revision(&model, "A", new))
}

fn hero(headline: &str, id: Option<&str>) -> Value {
    let mut hero = json!({"type": "hero", "fields": {"headline": headline, "image": {"url": "/a.jpg", "alt": "x"}}});
    if let Some(id) = id {
        hero["@id"] = id.into();
    }
    hero
}

fn text(body: &str, id: Option<&str>) -> Value {
    let mut text = json!({"type": "text", "fields": {"body": body}});
    if let Some(id) = id {
        text["@id"] = id.into();
    }
    text
}

fn told(changes: &[Change]) -> Vec<String> {
    let short = |change: &Change| match &change.what {
        Difference::Moved { from, to } => format!("{} {from}>{to}", change.path),
        Difference::Added(_) => format!("+{}", change.path),
        Difference::Removed(_) => format!("-{}", change.path),
        _ => change.path.clone(),
    };
    changes.iter().map(short).collect()
}

#[test]
fn only_what_differs_is_told_field_by_field() {
    let old = json!({"teaser": "a", "body": [hero("x", Some("h1")), text("<p>t</p>", Some("t1"))]});
    let new = json!({"teaser": "b", "body": [hero("y", Some("h1")), text("<p>t</p>", Some("t1"))]});
    let found = changes(old.clone(), new);
    assert_eq!(told(&found), ["teaser", "body[h1].headline"]);
    assert_eq!(found[1].labels, ["Body", "Hero 1", "Headline"]);
    assert_eq!(in_words(&found), "Teaser; Hero 1: headline");
    assert!(changes(old.clone(), old).is_empty());
}

#[test]
fn elements_are_known_again_by_their_ids() {
    let old = json!({"body": [hero("x", Some("h1")), text("a", Some("t1")), text("b", Some("t2"))]});
    let new = json!({"body": [text("a", Some("t1")), text("b", Some("t2")), hero("z", Some("h1"))]});
    assert_eq!(told(&changes(old.clone(), new)), ["body[h1] 1>3", "body[h1].headline"]);
    let new = json!({"body": [hero("x", Some("n1")), text("b", Some("t2"))]});
    assert_eq!(told(&changes(old, new)), ["+body[n1]", "-body[h1]", "-body[t1]"], "another id is another element");
}

#[test]
fn without_ids_content_and_place_tell() {
    let old = json!({"body": [hero("x", None), text("a", None), text("b", None)]});
    let new = json!({"body": [text("b", None), hero("y", None), text("a", None)]});
    let found = changes(old, new);
    assert_eq!(told(&found), ["body[at2] 3>1", "body[at0].headline"]);
    let links = |labels: &[&str]| json!({"links": labels.iter().map(|one| json!({"label": one})).collect::<Vec<_>>()});
    assert_eq!(told(&changes(links(&["a", "b"]), links(&["a", "c"]))), ["links[at1].label"]);
    assert_eq!(told(&changes(links(&["a", "b"]), links(&["b"]))), ["-links[at0]"]);
}

#[test]
fn empty_is_empty_however_it_is_stored() {
    assert!(changes(json!({"teaser": ""}), json!({})).is_empty());
    assert!(changes(json!({"body": []}), json!({})).is_empty());
}
