//! Who may know whom: the table in docs/design.md, held by searching the sources for `crate::`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the modules it may use. Changing this is a design decision.
const MAY_USE: &[(&str, &[&str])] = &[
    ("content", &[]),
    ("account", &["content"]),
    ("config", &["fetch", "tls", "replica"]),
    ("fetch", &[]),
    ("tls", &["content", "fetch"]),
    ("starter", &[]),
    ("store", &["content", "account"]),
    // `Network`: which addresses are those of proxies.
    ("auth", &["content", "account", "store", "fetch"]),
    ("delivery", &["content", "account", "store", "tally"]),
    ("media", &["content", "account", "store"]),
    ("replica", &["content", "store", "fetch"]),
    ("courier", &["content", "store", "fetch"]),
    ("authoring", &["content", "account", "store", "auth", "delivery", "media"]),
    ("metrics", &["content", "store", "delivery", "replica", "tls", "tally"]),
    ("work", &[]),
    ("tally", &[]),
    ("intake", &["content", "work", "fetch", "authoring"]),
    (
        "api",
        &[
            "content",
            "account",
            "work",
            "auth",
            "delivery",
            "media",
            "replica",
            "authoring",
            "intake",
            "tls",
            "metrics",
        ],
    ),
    (
        "dashboard",
        &[
            "content",
            "account",
            "starter",
            "work",
            "store",
            "auth",
            "delivery",
            "media",
            "replica",
            "courier",
            "authoring",
            "intake",
        ],
    ),
    (
        "site",
        &[
            "content",
            "account",
            "work",
            "store",
            "auth",
            "delivery",
            "media",
            "metrics",
            "replica",
            "courier",
            "authoring",
            "fetch",
            "tls",
            "intake",
            "api",
            "dashboard",
        ],
    ),
    (
        "app",
        &[
            "content",
            "account",
            "config",
            "store",
            "auth",
            "delivery",
            "replica",
            "courier",
            "authoring",
            "fetch",
            "tls",
            "intake",
            "api",
            "dashboard",
            "site",
        ],
    ),
];

/// Words that only some modules may say, with those modules.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("axum::", &["api", "app", "dashboard"]),
    ("clap::", &["cli", "config"]),
    ("minijinja", &["api", "app", "dashboard"]),
];

#[test]
fn modules_only_know_what_stands_below_them() {
    let mut wrong = Vec::new();
    for (module, text, file) in sources() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else { continue };
        for used in used_modules(&text) {
            if used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).chain(["cli", "lib", "main"]).collect();
    let unknown: BTreeSet<String> =
        sources().into_iter().map(|(module, ..)| module).filter(|module| !known.contains(module.as_str())).collect();
    assert!(unknown.is_empty(), "not in the table: {unknown:?}");
}

#[test]
fn libraries_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (module, text, file) in sources() {
        for (word, homes) in ONLY_IN {
            let said = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
            if said && !homes.contains(&module.as_str()) {
                wrong.push(format!("{} says {word}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_has_a_name_that_says_nothing() {
    let empty = ["utils", "util", "helpers", "helper", "common", "misc", "handlers", "models.rs/"];
    let wrong: Vec<PathBuf> = sources()
        .into_iter()
        .map(|(_, _, file)| file)
        .filter(|file| file.iter().any(|part| empty.contains(&part.to_string_lossy().trim_end_matches(".rs"))))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Every source file: its top module, its text without tests, and where it is.
fn sources() -> Vec<(String, String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 50, "the sources are not where they were");
    let read = |file: PathBuf| {
        let inner = file.strip_prefix(&root).expect("below src").to_owned();
        let module = inner.iter().next().expect("a name").to_string_lossy().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).expect("readable");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        (module, code, inner)
    };
    files.into_iter().filter(|file| !file.ends_with("tests.rs")).map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules after `crate::`, in a list in braces too.
fn used_modules(text: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    for line in code {
        for (place, _) in line.match_indices("crate::") {
            let rest = &line[place + "crate::".len()..];
            match rest.strip_prefix('{') {
                Some(list) => found.extend(list.split(", ").map(name)),
                None => drop(found.insert(name(rest))),
            }
        }
    }
    found.remove("");
    found
}
