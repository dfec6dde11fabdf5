//! What stands around every page: where one can go, who one is, what the site is called.

use serde::Serialize;

use super::address;
use super::guard::Signed;
use super::library::LIBRARY;
use super::model::MODEL;
use crate::account::{Right, Role, User};
use crate::content::schema::{Kind, Model, Schema, SchemaId};
use crate::content::settings::Settings;

/// The part of the dashboard a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// The start.
    Home,
    /// The entries of a schema.
    Schema(SchemaId),
    /// Pictures and files.
    Media,
    /// What was deleted.
    Trash,
    /// Other people's accounts.
    People,
    /// The content model.
    Model,
    /// The keys of programs.
    Tokens,
    /// Who did what.
    Audit,
    /// Asking the API.
    Explore,
    /// The site's settings.
    Settings,
    /// One's own account, and what belongs nowhere.
    Elsewhere,
}

/// The context every page's template has.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Frame {
    site: Site,
    user: Shown,
    nav: Vec<Group>,
    csrf: String,
    theme: &'static str,
    version: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Site {
    name: String,
    /// Where readers reach it, without the scheme.
    host: String,
    /// Its time zone.
    zone: String,
}

#[derive(Clone, Debug, Serialize)]
struct Shown {
    id: i64,
    name: String,
    email: String,
    initials: String,
    /// One of eight pairs of colours.
    pair: i64,
    role: &'static str,
    writes: bool,
    publishes: bool,
    builds: bool,
    /// Whether single keys are commands.
    keys: bool,
    /// The role by whose eyes an owner looks.
    sees_as: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct Group {
    label: &'static str,
    items: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
struct Item {
    label: String,
    href: String,
    icon: &'static str,
    current: bool,
    /// The key that leads here after G.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'static str>,
}

impl Site {
    /// What people call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The site with these settings, served at this address.
    pub(super) fn new(settings: &Settings, url: &str) -> Self {
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        let name = if settings.site_name.is_empty() { "larder" } else { &settings.site_name };
        Self { name: name.into(), host: host.into(), zone: settings.time_zone.clone() }
    }
}

/// The frame of a page.
pub(super) fn frame(signed: &Signed, site: Site, model: &Model, section: Section) -> Frame {
    let user = &signed.user;
    Frame {
        site,
        user: Shown {
            id: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            initials: initials(&user.name),
            pair: user.id.rem_euclid(8),
            role: user.role.as_str(),
            writes: user.may(Right::WriteOwn),
            publishes: user.may(Right::Publish),
            builds: user.may(Right::Build),
            keys: user.shortcuts,
            sees_as: signed.session.sees_as.map(Role::as_str),
        },
        nav: groups(user, model, section),
        csrf: signed.csrf.clone(),
        theme: user.theme.as_str(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// At most two letters: of the first and the last name.
pub(super) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

fn groups(user: &User, model: &Model, section: Section) -> Vec<Group> {
    let of = |kind: Kind| model.schemas.iter().filter(move |schema| schema.kind == kind);
    let entry = |schema: &Schema| Item {
        label: schema.name.clone(),
        href: address::list(schema),
        icon: icon(schema.kind),
        current: section == Section::Schema(schema.id),
        key: (schema.kind == Kind::Post).then_some("b"),
    };
    let item = |label: &str, href: &str, icon, own: Section| Item {
        label: label.into(),
        href: href.into(),
        icon,
        current: section == own,
        key: match own {
            Section::Home => Some("h"),
            Section::Media => Some("m"),
            _ => None,
        },
    };
    let mut content = vec![item("Home", address::HOME, "house", Section::Home)];
    content.extend(of(Kind::Post).map(entry));
    content.push(item("Trash", "/admin/trash", "trash-2", Section::Trash));
    let mut site = Vec::new();
    if user.may(Right::People) {
        site.push(item("People", "/admin/people", "users", Section::People));
        site.push(item("Audit log", address::AUDIT, "shield", Section::Audit));
    }
    if user.may(Right::Build) {
        site.push(item("Content model", MODEL, "boxes", Section::Model));
        site.push(item("API tokens", address::TOKENS, "key-round", Section::Tokens));
        site.push(item("Explore", address::EXPLORE, "code", Section::Explore));
        site.push(item("Settings", "/admin/settings", "settings", Section::Settings));
    }
    let mut pages: Vec<Item> = of(Kind::SinglePage).chain(of(Kind::PageType)).map(entry).collect();
    if let Some(first) = pages.first_mut() {
        first.key = Some("p");
    }
    let groups = [
        Group { label: "Content", items: content },
        Group { label: "Pages", items: pages },
        Group { label: "Collections", items: of(Kind::Collection).map(entry).collect() },
        Group { label: "Library", items: vec![item("Media", LIBRARY, "image", Section::Media)] },
        Group { label: "Site", items: site },
    ];
    groups.into_iter().filter(|group| !group.items.is_empty()).collect()
}

fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "pen-line",
        Kind::PageType => "files",
        Kind::SinglePage => "file-text",
        Kind::Collection => "layers",
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Maja von Sund"), "MS");
        assert_eq!(initials("åsa"), "Å");
        assert_eq!(initials(" "), "");
    }
}
