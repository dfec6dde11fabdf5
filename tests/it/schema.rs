//! Changing the content model: what stays, what goes, what is asked.

use std::sync::Arc;

use larder::authoring::{Authoring, Progress, Signature, now};
use larder::content::definition::Definition;
use larder::content::moment::Moment;
use larder::store::Store;
use serde_json::{Value, json};

use crate::command::Folder;

/// A model with one collection of these fields.
fn jars(fields: Value) -> Value {
    json!({"larder_schema": 1, "collections": [{"key": "jars", "name": "Jars", "fields": fields}]})
}

fn text(key: &str) -> Value {
    json!({"key": key, "name": key, "type": "short_text"})
}

/// A site with a collection of jars, one for each of these groups of values.
fn site_of_jars(fields: &Value, jars_filled: &[Value]) -> Folder {
    let folder = Folder::empty();
    let archive = folder.path("archive");
    std::fs::create_dir(&archive).expect("a folder");
    let lines: String = jars_filled
        .iter()
        .enumerate()
        .map(|(place, values)| {
            let id = place + 1;
            let at = "2026-03-01T09:00:00Z";
            let revision = json!({"id": id, "at": at, "by": "t", "why": "created", "fields": values});
            let variant = json!({"published": at, "updated": at, "live": id, "revisions": [revision]});
            let line = json!({"id": id, "kind": "item:jars", "slug": null, "created": at, "position": id,
                "locales": {"": variant}});
            format!("{line}\n")
        })
        .collect();
    std::fs::write(archive.join("larder.json"), r#"{"format":1,"larder":"0","exported":"2026-03-01"}"#)
        .expect("written");
    std::fs::write(archive.join("schema.json"), jars(fields.clone()).to_string()).expect("written");
    std::fs::write(archive.join("entries.jsonl"), lines).expect("written");
    folder.done(&["import", &archive.to_string_lossy()]);
    folder
}

fn newest(folder: &Folder, id: u32) -> Value {
    let entry = folder.json(&["entry", "show", &format!("item:{id}")]);
    let revisions = entry["locales"][""]["revisions"].as_array().cloned().unwrap_or_default();
    revisions.last().expect("a revision")["fields"].clone()
}

fn dry_run(folder: &Folder, model: &Value) -> Value {
    let file = folder.file("next.json", model.to_string());
    folder.json(&["schema", "apply", &file, "--dry-run", "--json"])
}

#[test]
fn what_is_exported_can_be_applied_and_changes_nothing() {
    let folder = Folder::starter();
    let model: Value = serde_json::from_str(&folder.done(&["schema", "export"])).expect("JSON");
    assert_eq!(model["larder_schema"], 1);
    assert_eq!(folder.apply(&model), "Nothing changes.");
}

#[test]
fn a_rename_keeps_the_values() {
    let folder = site_of_jars(&json!([text("name")]), &[json!({"name": "Plum"})]);
    let model = jars(json!([{"key": "title", "name": "Title", "type": "short_text", "was": "name"}]));
    let said = folder.apply(&model);
    assert!(said.contains("rename") && !said.contains('!'), "{said}");
    assert_eq!(newest(&folder, 1), json!({"title": "Plum"}));
    assert_eq!(folder.apply(&model), "Nothing changes.", "a file can be applied twice");
}

#[test]
fn a_renamed_collection_keeps_its_items() {
    let folder = site_of_jars(&json!([text("name")]), &[json!({"name": "Plum"})]);
    folder.apply(&json!({"larder_schema": 1,
        "collections": [{"key": "glasses", "was": "jars", "fields": [text("name")]}]}));
    assert_eq!(folder.json(&["entry", "show", "item:1"])["kind"], "item:glasses");
}

#[test]
fn dropping_a_field_asks_and_its_return_brings_the_values_back() {
    let fields = json!([text("name"), text("label")]);
    let folder =
        site_of_jars(&fields, &[json!({"name": "Plum", "label": "2024"}), json!({"name": "Pear", "label": ""})]);
    let without = jars(json!([text("name")]));
    let plan = dry_run(&folder, &without);
    assert_eq!((&plan["steps"][0]["action"], &plan["steps"][0]["entries"]), (&json!("remove"), &json!(1)));
    let file = folder.file("next.json", without.to_string());
    assert!(folder.fails(&["schema", "apply", &file]).contains("--yes"));
    assert_eq!(newest(&folder, 1)["label"], "2024", "nothing was changed without consent");

    folder.apply(&without);
    assert_eq!(newest(&folder, 1).get("label"), None);
    let said = folder.apply(&jars(fields));
    assert!(said.contains("revive"), "{said}");
    assert_eq!(newest(&folder, 1)["label"], "2024");
}

#[test]
fn a_dropped_field_is_purged_after_thirty_days() {
    let folder = site_of_jars(&json!([text("name"), text("label")]), &[json!({"name": "Plum", "label": "2024"})]);
    folder.apply(&jars(json!([text("name")])));
    let site = Authoring::new(Arc::new(Store::open(&folder.site()).expect("the site")), "");
    let in_days = |days: i64| Moment::from_micros(now().micros() + days * 86_400_000_000);
    assert_eq!(site.purge_dropped(in_days(29)).expect("asked"), 0);
    assert_eq!(site.purge_dropped(in_days(31)).expect("purged"), 1);
    drop(site);
    folder.apply(&jars(json!([text("name"), text("label")])));
    assert_eq!(newest(&folder, 1).get("label"), None);
}

#[test]
fn a_type_change_converts_what_fits_and_tells_what_does_not() {
    let folder = site_of_jars(
        &json!([text("size")]),
        &[json!({"size": "250"}), json!({"size": "large"}), json!({"size": ""}), json!({"size": " 1.5 "})],
    );
    let model = jars(json!([{"key": "size", "name": "size", "type": "number"}]));
    let plan = dry_run(&folder, &model);
    let step = &plan["steps"][0];
    assert_eq!((&step["action"], &step["entries"], &step["loses"]), (&json!("convert"), &json!(3), &json!(true)));
    assert!(step["detail"].as_str().is_some_and(|detail| detail.contains("in 1 of them")), "{step}");

    folder.apply(&model);
    let sizes: Vec<Value> = (1..=4).map(|id| newest(&folder, id)["size"].clone()).collect();
    assert_eq!(sizes, [json!(250), json!(null), json!(null), json!(1.5)]);
    let history = folder.json(&["entry", "history", "item:2", "--json"]);
    assert_eq!(history[0]["is"], "live");
    assert_eq!(history.as_array().map(Vec::len), Some(2), "the old value is in the history");
}

#[test]
fn values_inside_components_and_repeaters_are_converted_too() {
    let model = |kind: &str| {
        json!({"larder_schema": 1,
            "components": [{"key": "sticker", "fields": [{"key": "year", "type": kind}]}],
            "collections": [{"key": "jars", "fields": [
                {"key": "front", "type": "component", "component": "sticker"},
                {"key": "all", "type": "component_picker", "components": ["sticker"]},
                {"key": "lids", "type": "repeater", "fields": [{"key": "width", "type": kind}]}]}]})
    };
    let folder = Folder::empty();
    let archive = folder.path("archive");
    std::fs::create_dir(&archive).expect("a folder");
    let fields = json!({"front": {"year": "2024"}, "all": [{"type": "sticker", "fields": {"year": "2025"}}],
        "lids": [{"width": "7"}, {"width": "wide"}]});
    let at = "2026-03-01T09:00:00Z";
    let line = json!({"id": 1, "kind": "item:jars", "slug": null, "created": at, "position": 1, "locales": {"": {
        "published": at, "updated": at, "live": 1,
        "revisions": [{"id": 1, "at": at, "by": "t", "why": "created", "fields": fields}]}}});
    std::fs::write(archive.join("larder.json"), r#"{"format":1,"larder":"0","exported":"2026-03-01"}"#)
        .expect("written");
    std::fs::write(archive.join("schema.json"), model("short_text").to_string()).expect("written");
    std::fs::write(archive.join("entries.jsonl"), line.to_string()).expect("written");
    folder.done(&["import", &archive.to_string_lossy()]);

    folder.apply(&model("number"));
    assert_eq!(
        newest(&folder, 1),
        json!({"front": {"year": 2024}, "all": [{"type": "sticker", "fields": {"year": 2025}}],
            "lids": [{"width": 7}, {"width": null, "~6": "wide"}]}),
        "what does not fit is kept as a removed field"
    );
}

#[test]
fn removing_a_collection_with_items_needs_consent() {
    let folder = site_of_jars(&json!([text("name")]), &[json!({"name": "Plum"})]);
    let empty = json!({"larder_schema": 1});
    let file = folder.file("next.json", empty.to_string());
    let said = folder.run(&["schema", "apply", &file]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("1 entry are deleted with it") || said.out.contains("1 entry"), "{said:?}");
    folder.apply(&empty);
    assert_eq!(folder.json(&["entry", "list", "--json"]), json!([]));
}

#[test]
fn a_field_and_the_collection_it_links_to_can_go_together() {
    let with = json!({"larder_schema": 1, "collections": [
        {"key": "farms", "fields": [text("name")]},
        {"key": "jars", "fields": [text("name"), {"key": "farm", "type": "reference", "to": {"collection": "farms"}}]}]});
    let folder = Folder::new();
    folder.apply(&with);
    folder.apply(&jars(json!([text("name")])));
    folder.apply(&jars(json!([text("name"), text("farm")])));
    let model: Value = serde_json::from_str(&folder.done(&["schema", "export"])).expect("JSON");
    assert_eq!(model["collections"][0]["fields"][1]["type"], "short_text");
}

#[test]
fn a_new_single_page_has_its_page() {
    let folder = Folder::new();
    let page = |key: &str, was: Option<&str>| {
        let mut page = json!({"key": key, "name": "About us", "fields": [text("intro")]});
        if let Some(was) = was {
            page["was"] = json!(was);
        }
        json!({"larder_schema": 1, "single_pages": [page]})
    };
    folder.apply(&page("about", None));
    let shown = folder.json(&["entry", "show", "single:about"]);
    assert_eq!((&shown["kind"], &shown["locales"][""]["live"]), (&json!("single:about"), &json!(null)));
    folder.apply(&page("about-us", Some("about")));
    assert_eq!(folder.json(&["entry", "show", "single:about-us"])["id"], shown["id"]);
    folder.done(&["publish", "single:about-us"]);
    assert_eq!(folder.json(&["entry", "show", "single:about-us"])["slug"], "about-us");
}

#[test]
fn locales_come_are_renamed_and_go() {
    let with = |locales: Value| {
        json!({"larder_schema": 1, "locales": locales,
        "collections": [{"key": "jars", "name": "Jars", "fields": [text("name")]}]})
    };
    let folder = site_of_jars(&json!([text("name")]), &[json!({"name": "Plum"})]);
    folder.apply(&with(json!([{"slug": "en", "name": "English"}, {"slug": "de", "name": "Deutsch"}])));
    assert!(folder.json(&["entry", "show", "item:1"])["locales"]["en"].is_object(), "what was there is in the first");
    folder.apply(&with(json!([{"slug": "en-gb", "name": "English", "was": "en"}, {"slug": "de", "name": "Deutsch"}])));
    assert!(folder.json(&["entry", "show", "item:1"])["locales"]["en-gb"].is_object());
    let plan = dry_run(&folder, &with(json!([{"slug": "de", "name": "Deutsch"}])));
    let removal = plan["steps"].as_array().and_then(|steps| steps.iter().find(|step| step["action"] == "remove"));
    assert_eq!(removal.map(|step| &step["entries"]), Some(&json!(1)), "{plan}");
    folder.apply(&with(json!([{"slug": "de", "name": "Deutsch"}])));
    assert_eq!(folder.json(&["entry", "list", "--json"]), json!([]));
}

#[test]
fn a_plan_made_on_an_older_model_is_refused() {
    let folder = Folder::new();
    let site = Authoring::new(Arc::new(Store::open(&folder.site()).expect("the site")), "");
    let definition = |model: Value| Definition::parse(&model.to_string()).expect("a model");
    let mine = definition(jars(json!([text("name")])));
    let plan = site.plan_schema(&mine).expect("a plan");
    folder.apply(&jars(json!([text("label")])));
    let error = site.change_schema(mine, plan.model, true, Signature::now("t"), Arc::default()).expect_err("refused");
    assert!(error.to_string().contains("somebody else has changed"), "{error}");
}

#[test]
fn a_file_that_makes_no_sense_is_refused_with_its_place() {
    let folder = Folder::new();
    for (model, word) in [
        (r#"{"larder_schema": 1, "collections": [{"key": "a b", "fields": []}]}"#, "a b"),
        (
            r#"{"larder_schema": 1, "collections": [{"key": "a", "fields": [{"key": "b", "type": "nonsense"}]}]}"#,
            "nonsense",
        ),
        (r#"{"larder_schema": 1, "collections": [{"key": "a", "feilds": []}]}"#, "feilds"),
        (r#"{"larder_schema": 2}"#, "newer"),
        (r#"{"larder_schema": 1"#, "line 1"),
        ("", "EOF"),
    ] {
        let file = folder.file("wrong.json", model);
        let said = folder.fails(&["schema", "apply", &file]);
        assert!(said.contains(word) || said.contains("upgrade"), "{model}: {said}");
    }
}

#[test]
fn a_change_tells_how_far_it_has_come() {
    let folder = site_of_jars(&json!([text("size")]), &[json!({"size": "1"}), json!({"size": "2"})]);
    let site = Authoring::new(Arc::new(Store::open(&folder.site()).expect("the site")), "");
    let model = jars(json!([{"key": "size", "name": "size", "type": "number"}]));
    let file = Definition::parse(&model.to_string()).expect("a model");
    let (plan, progress) = (site.plan_schema(&file).expect("a plan"), Arc::new(Progress::default()));
    assert_eq!(progress.now(), (0, 0));
    site.change_schema(file, plan.model, true, Signature::now("t"), progress.clone()).expect("changed");
    assert_eq!(progress.now(), (2, 2));
}

#[test]
fn a_condition_or_an_alias_that_cannot_be_is_refused() {
    let folder = site_of_jars(&json!([text("name")]), &[]);
    let refused = |field: Value| {
        let file = folder.file("next.json", jars(json!([text("name"), field])).to_string());
        folder.fails(&["schema", "apply", &file])
    };
    let lid = |more: Value| {
        let mut field = text("lid");
        field.as_object_mut().expect("a field").extend(more.as_object().cloned().expect("members"));
        field
    };
    let said = refused(lid(json!({"show_if": {"field": "gone", "is": ["a"]}})));
    assert!(said.contains("there is no field `gone` for its condition"), "{said}");
    assert!(refused(lid(json!({"aliases": ["name"]}))).contains("called `name` already"));
    assert!(refused(lid(json!({"width": "third"}))).contains("it is full or half"));
    assert!(refused(lid(json!({"only": "writer"}))).contains("editor, developer or owner"));
}
