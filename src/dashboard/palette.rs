//! `GET /admin/palette`: whatever somebody looks for by a few letters, in groups: what they can do, entries, files, people,
//! types, settings, help. Nothing is in it that they may not see.

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::error::Refused;
use super::guard::Signed;
use super::library::LIBRARY;
use super::list::row::Shower;
use super::sight::Sight;
use super::{Dashboard, address, settings};
use crate::account::{Right, User};
use crate::content::schema::{Kind, Model};
use crate::store::{MediaQuery, Read};

/// Longer questions are cut.
const LONGEST: usize = 100;
/// How many entries, files and people are offered, and how many of the rest.
const ENTRIES: usize = 8;
const FILES: usize = 5;
const OTHERS: usize = 8;

/// Its route.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/palette", get(show))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

/// Things of one kind.
#[derive(Serialize)]
struct Group {
    label: &'static str,
    items: Vec<Item>,
}

/// Somewhere to go.
#[derive(Serialize)]
struct Item {
    title: String,
    /// What it is, beside the title.
    detail: String,
    href: String,
    icon: &'static str,
    /// Of entries: `published`, `draft`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

impl Item {
    fn new(title: impl Into<String>, detail: impl Into<String>, href: impl Into<String>, icon: &'static str) -> Self {
        Self { title: title.into(), detail: detail.into(), href: href.into(), icon, status: None }
    }

    /// Whether all words stand somewhere in it.
    fn holds(&self, words: &[String]) -> bool {
        let text = format!("{} {}", self.title, self.detail).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let typed: String = asked.q.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let groups = dashboard.read(move |read| found(read, &signed, typed.trim())).await?;
    Ok(Json(groups).into_response())
}

fn found(read: &Read<'_>, signed: &Signed, typed: &str) -> Result<Vec<Group>, Refused> {
    let (model, user) = (read.model(), &signed.user);
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let matching = |items: Vec<Item>, most: usize| {
        items.into_iter().filter(|item| item.holds(&words)).take(most).collect::<Vec<Item>>()
    };
    let searched = |items: Vec<Item>| if words.is_empty() { Vec::new() } else { matching(items, OTHERS) };
    let groups = [
        Group { label: "Actions", items: matching(actions(user, model), OTHERS) },
        Group { label: "Entries", items: entries(read, signed, typed)? },
        Group { label: "Media", items: files(read, typed)? },
        Group { label: "People", items: searched(people(read, user)?) },
        Group { label: "Types", items: searched(types(model)) },
        Group { label: "Settings", items: searched(all_settings(user)) },
        Group { label: "Help", items: searched(help(user)) },
    ];
    Ok(groups.into_iter().filter(|group| !group.items.is_empty()).collect())
}

/// What somebody can do, and where they can go.
fn actions(user: &User, model: &Model) -> Vec<Item> {
    let mut items = Vec::new();
    if user.may(Right::WriteOwn) {
        let made = model.schemas.iter().filter(|schema| schema.kind != Kind::SinglePage);
        items.extend(made.map(|schema| {
            let noun = if schema.kind == Kind::Post { "post" } else { schema.name.as_str() };
            Item::new(format!("New {noun}"), "", address::new(schema), "plus")
        }));
        items.push(Item::new("Upload files", "Media", LIBRARY, "upload"));
    }
    let go = |title: &str, href: &str, icon| Item::new(title, "Go to", href, icon);
    items.push(go("Home", address::HOME, "house"));
    items.push(go("Media", LIBRARY, "image"));
    items.push(go("Trash", address::TRASH, "trash-2"));
    items.push(go("Your account", address::ACCOUNT, "user"));
    if user.may(Right::People) {
        items.push(go("People", address::PEOPLE, "users"));
        items.push(go("Audit log", address::AUDIT, "shield"));
    }
    if user.may(Right::Build) {
        items.push(go("API tokens", address::TOKENS, "key-round"));
        items.push(go("Explore the API", address::EXPLORE, "code"));
        items.push(go("Redirects", address::REDIRECTS, "arrow-right"));
        items.push(go("Settings", address::SETTINGS, "settings"));
    }
    items
}

/// Entries by their titles and texts, as far as this person sees them; those edited last while nothing is typed.
fn entries(read: &Read<'_>, signed: &Signed, typed: &str) -> Result<Vec<Item>, Refused> {
    let (model, sight) = (read.model(), Sight::of(&signed.user));
    let schemas: Vec<_> = model.schemas.iter().map(|schema| schema.id).collect();
    let shower = Shower::new(read, sight)?;
    let lines = read.pick(typed, &schemas, sight.eyes(), model.default_locale(), ENTRIES)?;
    let item = |line: &crate::store::Line| {
        let schema = model.schema(line.schema)?;
        let href = address::entry_in(schema, line.entry, model, line.locale);
        let status = Some(line.standing.as_str());
        Some(Item { status, ..Item::new(shower.name(line), schema.name.clone(), href, "file-text") })
    };
    Ok(lines.iter().filter_map(item).collect())
}

fn files(read: &Read<'_>, typed: &str) -> Result<Vec<Item>, Refused> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let query = MediaQuery { text: typed.into(), ..MediaQuery::default() };
    let files = read.library(&query, 0, FILES)?;
    let item =
        |file: crate::store::MediaRow| Item::new(file.filename, file.alt, format!("{LIBRARY}/{}", file.id), "image");
    Ok(files.into_iter().map(item).collect())
}

/// Other people, for those who may see their accounts.
fn people(read: &Read<'_>, user: &User) -> Result<Vec<Item>, Refused> {
    if !user.may(Right::People) {
        return Ok(Vec::new());
    }
    let item = |user: User| Item::new(user.name, user.email, format!("{}/{}", address::PEOPLE, user.id), "user");
    Ok(read.users()?.into_iter().map(item).collect())
}

fn types(model: &Model) -> Vec<Item> {
    let item = |schema: &crate::content::schema::Schema| {
        Item::new(schema.name.clone(), "All of this type", address::list(schema), "layers")
    };
    model.schemas.iter().map(item).collect()
}

fn all_settings(user: &User) -> Vec<Item> {
    let places = if user.may(Right::Build) { settings::places() } else { Vec::new() };
    places.into_iter().map(|(label, section, href)| Item::new(label, section, href, "sliders-horizontal")).collect()
}

fn help(user: &User) -> Vec<Item> {
    let mut items = vec![
        Item::new("Keyboard", "All keys that are commands", "#keys", "keyboard"),
        Item::new("Licences", "Whose work is in larder", "/admin/about/licences", "info"),
        Item::new("One-time codes", "A second step when you sign in", address::SECOND_FACTOR, "lock"),
    ];
    if user.may(Right::Build) {
        items.push(Item::new(
            "Connect a website",
            "Requests for your framework, with your token",
            address::WELCOME,
            "plug",
        ));
    }
    items
}
