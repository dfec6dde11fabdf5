//! Archives: what goes out comes back exactly, and nothing bad comes in.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use flate2::read::GzDecoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::command::{Folder, command_on};

/// The files of an archive, without the moment it was made.
fn files_of(archive: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tar = tar::Archive::new(GzDecoder::new(File::open(archive).expect("an archive")));
    let mut files = BTreeMap::new();
    for entry in tar.entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let name = entry.path().expect("a name").to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("readable");
        if name == "larder.json" {
            let mut manifest: Value = serde_json::from_slice(&content).expect("JSON");
            manifest["exported"] = json!(null);
            content = manifest.to_string().into_bytes();
        }
        files.insert(name, content);
    }
    files
}

/// Exports, imports into a new site, exports that; both exports must be equal.
fn round_trip(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let one = folder.path("one.tar.gz");
    let two = folder.path("two.tar.gz");
    folder.done(&["export", &one.to_string_lossy()]);
    let copy = folder.path("copy");
    for arguments in [["import", &one.to_string_lossy()], ["export", &two.to_string_lossy()]] {
        let output = command_on(&copy, &arguments).output().expect("started");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }
    let (one, two) = (files_of(&one), files_of(&two));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, content) in &one {
        assert_eq!(String::from_utf8_lossy(content), String::from_utf8_lossy(&two[name]), "{name}");
    }
    one
}

#[test]
fn the_starter_site_comes_back_exactly() {
    let folder = Folder::starter();
    folder.done(&["token", "add", "--kind", "write", "--name", "robot"]);
    folder.done(&["publish", "post:a-stollen-worth-the-wait", "--at", "2100-12-01"]);
    folder.done(&["entry", "delete", "item:131", "--anyway"]);
    folder.apply(&{
        // A field dropped and a field renamed leave traces that must come along.
        let mut model: Value = serde_json::from_str(&folder.done(&["schema", "export"])).expect("JSON");
        let fields = model["page_types"][0]["fields"].as_array_mut().expect("fields");
        fields.remove(0);
        model
    });
    let files = round_trip(&folder);
    let tokens = String::from_utf8_lossy(&files["tokens.jsonl"]).into_owned();
    assert!(tokens.contains("robot"), "{tokens}");
    assert!(files.keys().any(|name| name.starts_with("media/")));
}

#[test]
fn secrets_can_be_left_out() {
    let folder = Folder::new();
    folder.done(&["token", "add", "--kind", "read"]);
    let archive = folder.path("a.tar.gz");
    folder.done(&["export", &archive.to_string_lossy(), "--without-secrets"]);
    assert!(!files_of(&archive).contains_key("tokens.jsonl"));
}

#[test]
fn a_site_with_content_is_only_replaced_on_demand() {
    let folder = Folder::starter();
    let archive = folder.path("a.tar.gz").to_string_lossy().into_owned();
    folder.done(&["export", &archive]);
    folder.done(&["entry", "delete", "item:131", "--anyway"]);
    assert!(folder.fails(&["import", &archive]).contains("--replace"));
    folder.done(&["import", &archive, "--replace"]);
    assert_eq!(folder.json(&["entry", "show", "item:131"])["deleted"], json!(null));
    assert_eq!(folder.json(&["entry", "list", "--deleted", "--json"]), json!([]));
}

/// An archive with these files, packed.
fn pack(folder: &Folder, files: &[(&str, &str)]) -> String {
    let path = folder.path("packed.tar.gz");
    let gzip = flate2::write::GzEncoder::new(File::create(&path).expect("a file"), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // As a villain would: the library refuses `..` in names.
        let bytes = name.as_bytes();
        header.as_old_mut().name[..bytes.len()].copy_from_slice(bytes);
        header.set_cksum();
        tar.append(&header, content.as_bytes()).expect("appended");
    }
    tar.into_inner().expect("written").finish().expect("written").flush().expect("written");
    path.to_string_lossy().into_owned()
}

const MANIFEST: (&str, &str) = ("larder.json", r#"{"format":1,"larder":"0","exported":"2026-03-01"}"#);
const SCHEMA: (&str, &str) = (
    "schema.json",
    r#"{"larder_schema":1,"page_types":[{"key":"recipe","fields":[{"key":"text","type":"short_text"}]}]}"#,
);

#[test]
fn a_bad_archive_is_refused_with_file_and_line_and_leaves_nothing() {
    let page = |id: u32, slug: &str, fields: &str| {
        format!(
            r#"{{"id":{id},"kind":"page:recipe","slug":"{slug}","created":"2026-03-01","position":1,"locales":{{"":{{"updated":"2026-03-01","draft":{id},"revisions":[{{"id":{id},"at":"2026-03-01","by":"t","why":"t","fields":{fields}}}]}}}}}}"#
        )
    };
    let good = page(1, "jam", r#"{"text":"x"}"#);
    let entries = |bad: String| format!("{good}\n{bad}\n");
    for (bad, words) in [
        (entries(page(1, "other", "{}")), vec!["entries.jsonl line 2", "twice"]),
        (entries(page(2, "jam", "{}")), vec!["entries.jsonl line 2", "slug"]),
        (entries(page(2, "a/b", "{}")), vec!["entries.jsonl line 2", "slug"]),
        (entries(page(2, "b", r#"{"colour":1}"#)), vec!["entries.jsonl line 2", "colour"]),
        (entries(page(2, "b", "[]")), vec!["entries.jsonl line 2", "object"]),
        (entries("{".into()), vec!["entries.jsonl line 2"]),
        (entries(page(2, "b", "{}").replace("page:recipe", "page:x")), vec!["entries.jsonl line 2", "page:x"]),
        (entries(page(2, "b", "{}").replace("\"draft\":2", "\"draft\":9")), vec!["entries.jsonl line 2", "9"]),
        (entries(page(2, "b", "{}").replace(r#""":{"#, r#""de":{"#)), vec!["entries.jsonl line 2", "de"]),
    ] {
        let folder = Folder::empty();
        let archive = pack(&folder, &[MANIFEST, SCHEMA, ("entries.jsonl", &bad)]);
        let said = folder.fails(&["import", &archive]);
        assert!(words.iter().all(|word| said.contains(word)), "{bad}\n{said}");
        assert!(!folder.site().exists(), "nothing is left of a failed import");
    }
}

#[test]
fn an_archive_of_a_newer_larder_is_refused() {
    let folder = Folder::new();
    let archive = pack(&folder, &[("larder.json", r#"{"format":2,"larder":"9.0.0","surprise":[]}"#)]);
    let said = folder.fails(&["import", &archive]);
    assert!(said.contains("newer larder") && said.contains("9.0.0"), "{said}");
}

#[test]
fn what_no_archive_holds_is_refused() {
    for name in ["../evil", "/tmp/evil", "media/../../evil", "larder.db", "media/short"] {
        let folder = Folder::new();
        let archive = pack(&folder, &[MANIFEST, (name, "x")]);
        let said = folder.fails(&["import", &archive]);
        assert!(said.contains("nothing was imported"), "{name}: {said}");
        assert!(!folder.path("evil").exists() && !folder.site().join("evil").exists());
    }
}

#[test]
fn a_damaged_file_or_archive_is_noticed() {
    let folder = Folder::starter();
    let archive = folder.path("a.tar.gz");
    folder.done(&["export", &archive.to_string_lossy()]);
    let bytes = std::fs::read(&archive).expect("an archive");
    for (name, content) in [("cut", &bytes[..bytes.len() / 2]), ("no", &b"no archive"[..]), ("empty", &[])] {
        let file = folder.file(name, content);
        let output = command_on(&folder.path("copy"), &["import", &file]).output().expect("started");
        assert_eq!(output.status.code(), Some(1), "{name}: {output:?}");
        assert!(!folder.path("copy").exists());
    }
    // Flipping bits: refused, or imported because the flip fell on something unused; never a panic.
    for place in (0..bytes.len()).step_by(bytes.len() / 23) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x55;
        let file = folder.file("flipped", &flipped);
        let copy = folder.path(&format!("flipped-{place}"));
        let output = command_on(&copy, &["import", &file]).output().expect("started");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    }
}

#[test]
fn an_export_is_whole_or_not_there() {
    let folder = Folder::starter();
    let hash = std::fs::read_dir(folder.site().join("media")).expect("files").next().expect("one").expect("one");
    std::fs::remove_file(hash.path()).expect("removed");
    let archive = folder.path("a.tar.gz");
    let said = folder.fails(&["export", &archive.to_string_lossy()]);
    assert!(said.contains("belongs to the site"), "{said}");
    assert!(!archive.exists());
}

/// Values a short text, a number, a checkbox, a JSON field and a repeater may hold.
fn values() -> impl Strategy<Value = Value> {
    let text = "[^\u{0}]{0,40}";
    let json =
        prop_oneof![Just(json!(null)), any::<i64>().prop_map(|n| json!(n)), ".{0,10}".prop_map(|t| json!({ t: [1] }))];
    let lines = prop::collection::vec(text.prop_map(|line| json!({"line": line})), 0..4);
    (text, any::<i32>(), any::<bool>(), json, lines).prop_map(|(text, number, truth, json, lines)| {
        json!({"text": text, "number": f64::from(number) / 8.0, "truth": truth, "json": json, "lines": lines})
    })
}

/// One page: its values in a live and a draft revision, and whether it is deleted.
fn page() -> impl Strategy<Value = (Value, Option<Value>, bool, bool)> {
    (values(), prop::option::of(values()), any::<bool>(), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_site_comes_back_exactly(pages in prop::collection::vec(page(), 0..8), localised in any::<bool>()) {
        let folder = Folder::empty();
        let locale = if localised { "de" } else { "" };
        let locales = if localised { json!([{"slug": "de", "name": "Deutsch"}, {"slug": "en", "name": "English"}]) } else { json!([]) };
        let schema = json!({"larder_schema": 1, "locales": locales, "page_types": [{"key": "recipe", "fields": [
            {"key": "text", "type": "short_text"}, {"key": "number", "type": "number"},
            {"key": "truth", "type": "checkbox"}, {"key": "json", "type": "json"},
            {"key": "lines", "type": "repeater", "fields": [{"key": "line", "type": "long_text"}]}]}]});
        let lines: String = pages.iter().enumerate().map(|(place, (live, draft, deleted, scheduled))| {
            let id = 10 * (place + 1);
            let at = "2026-03-01T09:00:00.120000Z";
            let revision = |id: usize, fields: &Value| json!({"id": id, "at": at, "by": "Ada \"A\"", "why": "created",
                "name": "N", "slug": format!("s{id}"), "fields": fields});
            let mut revisions = vec![revision(id, live)];
            revisions.extend(draft.as_ref().map(|draft| revision(id + 1, draft)));
            let line = json!({"id": id, "kind": "page:recipe", "slug": format!("s{id}"), "created": at,
                "position": 100 - id, "deleted": deleted.then_some(at), "locales": {locale: {
                    "published": at, "updated": at, "scheduled": scheduled.then_some("2100-01-01T00:00:00Z"),
                    "live": id, "draft": draft.as_ref().map(|_| id + 1), "revisions": revisions}}});
            format!("{line}\n")
        }).collect();
        let archive = pack(&folder, &[MANIFEST, ("schema.json", &schema.to_string()), ("entries.jsonl", &lines)]);
        folder.done(&["import", &archive]);
        let files = round_trip(&folder);
        let back: Vec<Value> = String::from_utf8_lossy(&files["entries.jsonl"]).lines()
            .map(|line| serde_json::from_str(line).expect("JSON")).collect();
        prop_assert_eq!(back.len(), pages.len());
        for (line, (live, ..)) in back.iter().zip(&pages) {
            prop_assert_eq!(&line["locales"][locale]["revisions"][0]["fields"], live);
        }
    }
}
