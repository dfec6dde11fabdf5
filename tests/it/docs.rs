//! The documentation names everything there is: what to look for is asked of the program itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::command::Folder;

#[test]
fn every_command_and_option_is_in_cli_md() {
    let docs = read("cli.md");
    let mut missing = Vec::new();
    for command in commands() {
        let called = format!("larder {}", command.join(" "));
        if !docs.contains(&called) {
            missing.push(called.clone());
        }
        let options = words(&help(&command), "--");
        let unnamed = options.into_iter().filter(|option| option != "--help" && !says(&docs, option));
        missing.extend(unnamed.map(|option| format!("{called} {option}")));
    }
    assert!(missing.is_empty(), "not in docs/cli.md: {missing:?}");
}

#[test]
fn every_setting_is_in_settings_md() {
    let docs = read("settings.md");
    let settings = Folder::new().json(&["setting", "list", "--json"]);
    let names = settings.as_object().expect("an object").keys();
    let missing: Vec<&String> = names.filter(|name| !docs.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "not in docs/settings.md: {missing:?}");
}

#[test]
fn every_option_of_serve_and_its_variable_is_in_settings_md() {
    let docs = read("settings.md");
    let help = help(&["serve".into()]);
    let mut named = words(&help, "--");
    named.remove("--help");
    named.extend(words(&help, "LARDER_"));
    let missing: Vec<String> = named.into_iter().filter(|word| !says(&docs, word)).collect();
    assert!(missing.is_empty(), "not in docs/settings.md: {missing:?}");
}

#[test]
fn the_example_in_model_md_applies() {
    let docs = read("model.md");
    let example =
        docs.split("```").find(|block| block.starts_with("json\n{\n  \"larder_schema\"")).expect("an example");
    let folder = Folder::new();
    let file = folder.file("model.json", example.trim_start_matches("json"));
    let said = folder.done(&["schema", "apply", &file]);
    assert!(docs.contains(&said), "docs/model.md shows another plan than:\n{said}");
    assert_eq!(folder.done(&["schema", "apply", &file]), "Nothing changes.");
}

#[test]
fn every_field_type_is_in_model_md() {
    let docs = read("model.md");
    let folder = Folder::new();
    let wrong = r#"{"larder_schema": 1, "components": [{"key": "a", "fields": [{"key": "b", "type": "?"}]}]}"#;
    let said = folder.fails(&["schema", "apply", &folder.file("model.json", wrong)]);
    let (_, types) = said.trim().split_once("the types are ").expect("all types");
    let missing: Vec<&str> = types.split(", ").filter(|name| !docs.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "not in docs/model.md: {missing:?}");
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every command that can be run, as `["token", "add"]`.
fn commands() -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(command) = open.pop() {
        let inner = listed(&help(&command));
        if inner.is_empty() {
            commands.push(command);
        } else {
            open.extend(inner.into_iter().map(|name| [command.as_slice(), &[name]].concat()));
        }
    }
    assert!(commands.len() > 20, "{commands:?}");
    commands
}

/// The names below `Commands:`, but for `help`, which every list of commands has.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Lines further in go on with what the one before says.
    let named = lines.filter(|line| !line.starts_with("   "));
    let names = named.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn help(command: &[String]) -> String {
    let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
    Folder::empty().done(&arguments)
}

/// The words that begin like this, such as options, each once.
fn words(text: &str, beginning: &str) -> BTreeSet<String> {
    all_words(text).filter(|word| word.starts_with(beginning) && *word != beginning).map(str::to_owned).collect()
}

/// Whether a text names this word, and not only a longer one.
fn says(text: &str, wanted: &str) -> bool {
    all_words(text).any(|word| word == wanted)
}

fn all_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)))
}
