//! The committed bundle of the dashboard, checked without Node: it belongs to its sources, it is small enough, its colours
//! can be read, and it holds every icon that is asked for.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use regex::Regex;
use serde_json::Value;
use sha2::{Digest, Sha256};

const REBUILD: &str = "run `make ui` and commit assets/dist";

#[test]
fn the_bundle_was_made_from_these_sources() {
    let manifest = manifest();
    let mut sources = BTreeMap::new();
    for file in files(&root("assets/ui")) {
        let text = String::from_utf8(fs::read(&file).expect("readable")).expect("sources are text");
        sources.insert(name(&file, "assets/ui"), sha256(text.replace("\r\n", "\n").as_bytes()));
    }
    assert_eq!(listed(&manifest["sources"]), sources, "assets/ui was changed after the bundle was made: {REBUILD}");
}

#[test]
fn nobody_edited_the_bundle() {
    let manifest = manifest();
    let mut outputs = BTreeMap::new();
    for file in files(&root("assets/dist")).into_iter().filter(|file| !file.ends_with("MANIFEST.json")) {
        outputs.insert(name(&file, "assets/dist"), sha256(&fs::read(&file).expect("readable")));
    }
    assert_eq!(listed(&manifest["outputs"]), outputs, "assets/dist is not what was built: {REBUILD}");
}

#[test]
fn the_bundle_stays_in_its_budget() {
    let (style, list, editor) = (gzipped(&["app.css"]), gzipped(&["app.js", "htmx.js"]), gzipped(&["editor.js"]));
    assert!(style <= 16 * 1024, "the style sheet has {style} bytes, 16 KB are allowed");
    assert!(list <= 32 * 1024, "scripts of a list screen have {list} bytes, 32 KB are allowed");
    assert!(editor <= 200 * 1024, "scripts for editing have {editor} bytes, 200 KB are allowed");
    let tool = gzipped(&["image-tool.js", "image-tool.css", "pictures.css"]);
    assert!(tool <= 12 * 1024, "the image tool has {tool} bytes; a library for crops alone would have 12 KB");
}

#[test]
fn fonts_are_named_by_the_hash_they_are_served_under() {
    let style = read("assets/dist/app.css");
    for font in ["inter-latin.woff2", "inter-latin-ext.woff2"] {
        let hash = sha256(&fs::read(root("assets/dist").join(font)).expect("readable"));
        let address = format!("../{}/{font}", &hash[..12]);
        assert!(style.contains(&address), "app.css does not load {address}");
    }
}

#[test]
fn the_policy_refuses_nothing_of_ours() {
    let style = read("assets/dist/app.css");
    assert!(!style.contains("data:"), "the policy allows no data: pictures");
    assert!(!style.contains("://"), "the policy allows no other origin");
    let inline = Regex::new(r#"<style|\sstyle=|\son[a-z]+="|hx-on|javascript:|<script>"#).expect("a pattern");
    for file in files(&root("templates")) {
        let text = fs::read_to_string(&file).expect("readable");
        assert!(!inline.is_match(&text), "{} has an inline style or script", file.display());
    }
}

#[test]
fn every_icon_asked_for_is_in_the_sprite() {
    let sprite = read("assets/dist/icons.svg");
    let call = Regex::new(r#"\bicon\(["']([a-z0-9-]+)["']"#).expect("a pattern");
    let asking = files(&root("templates")).into_iter().chain(files(&root("assets/ui/js")));
    let mut missing = BTreeSet::new();
    for file in asking {
        let text = fs::read_to_string(&file).expect("readable");
        for icon in call.captures_iter(&text).map(|found| found[1].to_owned()) {
            if !sprite.contains(&format!("<symbol id=\"{icon}\"")) {
                missing.insert(format!("{icon} in {}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "add these to assets/ui/icons.txt, then {REBUILD}: {missing:?}");
}

/// Where names of icons stand that are not written into a call: the file, how they look there, and how many at least.
const ICONS_BY_NAME: &[(&str, &str, usize)] = &[
    ("src/dashboard/attention.rs", r#", "([a-z0-9-]+)"\)"#, 4),
    ("src/dashboard/audit.rs", r#"DeedGroup::\w+ => "([a-z0-9-]+)""#, 6),
    ("src/dashboard/palette.rs", r#", "([a-z0-9-]+)"\)"#, 15),
    ("src/dashboard/nav.rs", r#"item\("[^"]+", [^,]+, "([a-z0-9-]+)""#, 4),
    ("src/dashboard/nav.rs", r#"Kind::\w+ => "([a-z0-9-]+)""#, 4),
    ("src/dashboard/model/board.rs", r#"Shelf::\w+ => "([a-z0-9-]+)""#, 4),
    ("src/dashboard/model/plan.rs", r#"Action::\w+ => "([a-z0-9-]+)""#, 6),
    ("src/dashboard/model/starters.rs", r#"\bicon: "([a-z0-9-]+)""#, 6),
    ("src/dashboard/model/words.rs", r#"=> "([a-z0-9-]+)",\n"#, 15),
    ("src/dashboard/library/tile.rs", r#"=> "([a-z0-9-]+)",\n"#, 4),
    ("src/dashboard/library/used.rs", r#"(?:Kind::\w+ =>|sign:) "([a-z0-9-]+)""#, 5),
    ("src/dashboard/steps.rs", r#"add\(.*, "([a-z0-9-]+)", [^"]+\);"#, 5),
    ("src/dashboard/editor/screen.rs", r#""icon": "([a-z0-9-]+)""#, 1),
    ("templates", r#": \("\w*", "([a-z0-9-]+)""#, 10),
    ("templates", r#"icon\((\{[^}]*\}.*?)\)"#, 2),
    ("templates", r#"\bor \("arc", "([a-z0-9-]+)""#, 2),
    ("templates", r#"\bsign="([a-z0-9-]+)""#, 1),
    ("templates", r#"\bempty\("([a-z0-9-]+)""#, 4),
    ("templates", r#"banner\(.*, "([a-z0-9-]+)"\) \}\}"#, 1),
    ("templates", r#"\("\w+", "[A-Z][^"]*", "([a-z0-9-]+)"\)"#, 5),
    ("templates", r#"icon\("([a-z0-9-]+)" if "#, 1),
    ("assets/ui/js", r#"\bicon: '([a-z0-9-]+)'"#, 10),
];

/// What stands for a name in a call of `icon` in a template; each has its line in [`ICONS_BY_NAME`].
const NAMES_OF_ICONS: &[&str] = &[
    "look[1]",
    "sign",
    "sign or look[1]",
    "item.icon",
    "concern.icon",
    "step.icon",
    "image",
    "tile.sign",
    "use.sign",
    "row.sign",
    "line.sign",
    "row.icon",
    "shelf.icon",
    "one.icon",
    "one.sign",
    "{",
    "\"",
];

#[test]
fn every_icon_named_by_rust_or_a_table_is_in_the_sprite() {
    let sprite = read("assets/dist/icons.svg");
    let name = Regex::new(r#"[a-z0-9-]+"#).expect("a pattern");
    let value = Regex::new(r#"(?:: |or )"([a-z0-9-]+)""#).expect("a pattern");
    let mut missing = BTreeSet::new();
    for (place, pattern, least) in ICONS_BY_NAME {
        let asking = if place.ends_with(".rs") { vec![root(place)] } else { files(&root(place)) };
        let pattern = Regex::new(pattern).expect("a pattern");
        let mut found = BTreeSet::new();
        for file in asking {
            let text = fs::read_to_string(&file).expect("readable");
            for icon in pattern.captures_iter(&text).map(|found| found[1].to_owned()) {
                // A table inside the call: its values.
                match icon.starts_with('{') {
                    true => found.extend(value.captures_iter(&icon).map(|value| value[1].to_owned())),
                    false => found.extend(name.find(&icon).map(|name| name.as_str().to_owned())),
                }
            }
        }
        assert!(found.len() >= *least, "{place} names its icons in another way than {pattern}: {found:?}");
        missing.extend(found.into_iter().filter(|icon| !sprite.contains(&format!("<symbol id=\"{icon}\""))));
    }
    assert!(missing.is_empty(), "add these to assets/ui/icons.txt, then {REBUILD}: {missing:?}");
    let call = Regex::new(r"\bicon\(([^)]*)\)").expect("a pattern");
    for file in files(&root("templates")) {
        let text = fs::read_to_string(&file).expect("readable");
        for asked in call.captures_iter(&text).map(|found| found[1].to_owned()) {
            let known = NAMES_OF_ICONS.iter().any(|name| asked.starts_with(name));
            assert!(known, "say in ICONS_BY_NAME where the names of icon({asked}) stand: {}", file.display());
        }
    }
}

#[test]
fn every_bundled_package_is_named_with_its_licence() {
    let notices = read("assets/dist/THIRD-PARTY.txt");
    let package: Value = serde_json::from_str(&read("assets/ui/package.json")).expect("JSON");
    let versions = package["dependencies"].as_object().expect("dependencies");
    for named in ["htmx.org", "lucide-static", "@fontsource-variable/inter"] {
        let version = versions[named].as_str().expect("a version");
        assert!(notices.contains(&format!("{named} {version}, ")), "{named} is not in THIRD-PARTY.txt");
    }
    let exact = Regex::new(r"^\d+\.\d+\.\d+$").expect("a pattern");
    let tiptap: BTreeSet<&str> =
        versions.iter().filter(|(name, _)| name.starts_with("@tiptap/")).filter_map(|(_, at)| at.as_str()).collect();
    assert_eq!(tiptap.len(), 1, "Tiptap packages of different releases: {tiptap:?}");
    for (name, version) in versions {
        assert!(exact.is_match(version.as_str().unwrap_or_default()), "{name} is not pinned exactly: {version}");
    }
}

/// What is written on what: foreground, background, and the contrast it needs (WCAG 2.2 AA).
const PAIRS: &[(&str, &[&str], f64)] = &[
    ("text", &["surface", "bg", "sunken", "accent-soft"], 4.5),
    ("text2", &["surface", "bg", "sunken", "pub-bg", "draft-bg", "sched-bg", "danger-bg"], 4.5),
    ("text3", &["surface", "bg", "sunken", "accent-soft"], 4.5),
    ("accent", &["surface", "bg", "accent-soft"], 4.5),
    ("on-accent", &["accent", "accent-hover"], 4.5),
    ("on-danger", &["danger"], 4.5),
    ("ctl", &["surface", "bg"], 3.0),
    ("pub", &["pub-bg", "surface", "bg"], 4.5),
    ("draft", &["draft-bg", "surface", "bg"], 4.5),
    ("sched", &["sched-bg", "surface", "bg"], 4.5),
    ("chg", &["chg-bg"], 4.5),
    ("arch", &["arch-bg"], 4.5),
    ("danger", &["danger-bg", "surface", "bg"], 4.5),
];

#[test]
fn colours_can_be_read_in_both_themes() {
    let tokens = tokens();
    let mut weak = Vec::new();
    for (front, backs, needed) in PAIRS {
        for back in *backs {
            for (theme, place) in [("light", 0), ("dark", 1)] {
                let found = contrast(tokens[*front][place], tokens[*back][place]);
                if found < *needed {
                    weak.push(format!("{front} on {back}, {theme}: {found:.2}, {needed} is needed"));
                }
            }
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}

#[test]
fn initials_can_be_read_on_every_avatar() {
    let style = read("assets/ui/css/shell.css");
    let pair = Regex::new(r"\.av\.p\d \{ background: (#\w{6}); color: (#\w{6}); \}").expect("a pattern");
    let pairs: Vec<f64> = pair.captures_iter(&style).map(|found| contrast(rgb(&found[1]), rgb(&found[2]))).collect();
    assert_eq!(pairs.len(), 8, "eight fixed pairs");
    assert!(pairs.iter().all(|found| *found >= 4.5), "{pairs:?}");
}

type Colour = [f64; 3];

/// Each colour token with its light and its dark value.
fn tokens() -> BTreeMap<String, [Colour; 2]> {
    let token = Regex::new(r"--([a-z0-9-]+): light-dark\((#\w{6}), (#\w{6})\)").expect("a pattern");
    let text = read("assets/ui/css/tokens.css");
    let tokens: BTreeMap<_, _> =
        token.captures_iter(&text).map(|found| (found[1].to_owned(), [rgb(&found[2]), rgb(&found[3])])).collect();
    assert!(tokens.len() >= 24, "the tokens are not where they were: {:?}", tokens.keys());
    tokens
}

fn rgb(hex: &str) -> Colour {
    [1, 3, 5].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour")) / 255.0)
}

/// The contrast ratio of WCAG 2.2: 1 to 21.
fn contrast(one: Colour, other: Colour) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [r, g, b] = colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn gzipped(names: &[&str]) -> usize {
    let size = |name: &&str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&fs::read(root("assets/dist").join(name)).expect("readable")).expect("written");
        encoder.finish().expect("compressed").len()
    };
    names.iter().map(size).sum()
}

fn manifest() -> Value {
    serde_json::from_str(&read("assets/dist/MANIFEST.json")).expect("JSON")
}

fn listed(hashes: &Value) -> BTreeMap<String, String> {
    let hashes = hashes.as_object().expect("hashes by file");
    hashes.iter().map(|(file, hash)| (file.clone(), hash.as_str().expect("a hash").to_owned())).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn read(file: &str) -> String {
    fs::read_to_string(root(file)).expect("readable")
}

/// The path below a folder, with the same slashes everywhere.
fn name(file: &Path, folder: &str) -> String {
    let inner = file.strip_prefix(root(folder)).expect("below the folder");
    inner.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Every file below a folder, without what npm installs.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() && !path.ends_with("node_modules") {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}
