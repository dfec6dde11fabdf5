//! `/admin/settings`: the site's settings. Each section saves for itself.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::nav::Section as NavSection;
use super::view::Screen;
use super::{Dashboard, address};
use crate::account::Right;
use crate::authoring::now;
use crate::content::field::Problem;
use crate::content::moment::Moment;
use crate::content::outbox::TargetKind;
use crate::content::settings::{Kind, PLACES, Setting};
use crate::content::zone;
use crate::replica::Status;

const SCREEN: Screen = Screen { template: "settings/page.html", section: NavSection::Settings };

/// Settings that belong together.
struct Section {
    key: &'static str,
    title: &'static str,
    /// Names, with what people call them.
    settings: &'static [(&'static str, &'static str)],
}

const SECTIONS: [Section; 6] = [
    Section { key: "general", title: "General", settings: &[("site_name", "Site name"), ("time_zone", "Time zone")] },
    Section {
        key: "blog",
        title: "Blog",
        settings: &[
            ("blog_title", "Title of the feeds"),
            ("blog_url_prefix", "Address of posts"),
            ("serve_draft_posts", "Serve drafts of posts"),
        ],
    },
    Section {
        key: "preview",
        title: "Addresses and preview",
        settings: &[("page_url", "Address of pages"), ("preview_url", "Preview address")],
    },
    Section {
        key: "publishing",
        title: "Publishing",
        settings: &[("alt_text_required", "Alternative text is required")],
    },
    Section {
        key: "html",
        title: "HTML",
        settings: &[("embed_providers", "Who may be embedded"), ("clean_api_html", "Clean what programs write")],
    },
    Section {
        key: "pictures",
        title: "Pictures",
        settings: &[
            ("only_known_image_sizes", "Make pictures in known sizes only"),
            ("image_widths", "Widths of pictures"),
        ],
    },
];

/// Every setting: what people call it, its section, and where it is.
pub(super) fn places() -> Vec<(&'static str, &'static str, String)> {
    let of = |section: &Section| {
        let (title, href) = (section.title, format!("{}#{}", address::SETTINGS, section.key));
        section.settings.iter().map(move |(_, label)| (*label, title, href.clone())).collect::<Vec<_>>()
    };
    SECTIONS.iter().flat_map(of).collect()
}

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route(address::SETTINGS, get(show)).route("/admin/settings/save/{section}", post(save))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    page(&dashboard, &signed, Map::new(), context! {}).await
}

/// The page, with what was typed in the place of what is set, and what else it shows.
async fn page(
    dashboard: &Dashboard,
    signed: &Signed,
    typed: Map<String, Json>,
    more: Value,
) -> Result<Response, Refused> {
    signed.need(Right::Build, "change settings")?;
    let copying = dashboard.copying.as_ref().map(|board| board.status());
    let copying = copying.map(|status| Value::from(Serde(copies(&status))));
    let folder = dashboard.store.path().parent().map(|folder| folder.display().to_string());
    dashboard
        .screen(signed, SCREEN, move |read| {
            let set = read.settings()?;
            let value = |setting: &Setting| {
                let known = typed.get(setting.name).or_else(|| set.get(setting.name));
                known.cloned().unwrap_or_else(|| setting.default())
            };
            let sections: Vec<Value> = sections().into_iter().map(|section| shown(&section, &value)).collect();
            Ok(context! {
                sections,
                zones => zone::names(),
                places => PLACES,
                sample => read.has_sample()?,
                copying,
                exported => read.exported()?.map(|at| at.to_string()),
                folder,
                redirects => read.count_redirects("")?,
                cdn => read.cdn()?.map(|kept| kept.cdn.provider.title()),
                webhooks => read.targets(TargetKind::Webhook)?.len(),
                ..more
            })
        })
        .await
}

/// How copying stands, as the page shows it.
fn copies(status: &Status) -> impl Serialize + use<> {
    let time = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
    BTreeMap::from([
        ("place", Some(status.place.clone())),
        ("current", time(status.current_at)),
        ("verified", time(status.verified_at)),
        ("warning", status.warning(now())),
    ])
}

/// A section with its settings, and what people call them.
struct Placed {
    key: &'static str,
    title: &'static str,
    settings: Vec<Labelled>,
}

/// A setting with what people call it.
struct Labelled {
    setting: &'static Setting,
    label: &'static str,
}

/// All settings in their sections.
fn sections() -> Vec<Placed> {
    let labelled =
        |(name, label): &(&str, &'static str)| Setting::find(name).map(|setting| Labelled { setting, label });
    let placed = |Section { key, title, settings }| Placed {
        key,
        title,
        settings: settings.iter().filter_map(labelled).collect(),
    };
    SECTIONS.into_iter().map(placed).collect()
}

fn shown(section: &Placed, value: &dyn Fn(&Setting) -> Json) -> Value {
    let one = |Labelled { setting, label }: &Labelled| {
        let kind = match setting.kind {
            Kind::Text(_) => "text",
            Kind::Switch(_) => "switch",
            Kind::Zone(_) => "zone",
            Kind::Pattern => "pattern",
            Kind::Widths(_) => "widths",
        };
        let (help, value) = (sentence(setting.help), Value::from(Serde(value(setting))));
        context! { name => setting.name, label => *label, kind, help, value }
    };
    let settings: Vec<Value> = section.settings.iter().map(one).collect();
    context! { key => section.key, title => section.title, settings }
}

async fn save(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Refused> {
    signed.need(Right::Build, "change settings")?;
    let Placed { title, settings, .. } =
        sections().into_iter().find(|section| section.key == key).ok_or_else(Refused::not_found)?;
    let mut typed = Map::new();
    let (mut values, mut problems) = (Vec::new(), Vec::new());
    for Labelled { setting, label } in settings {
        // A box that is not ticked is not sent.
        let text = sent.find(setting.name).unwrap_or_default();
        typed.insert(setting.name.into(), text.into());
        match setting.parse(text) {
            Ok(value) => values.push((setting, label, value)),
            Err(why) => problems.push(Problem { path: setting.name.into(), text: sentence(&why) }),
        }
    }
    if !problems.is_empty() {
        let refused = Refused::invalid(&problems);
        let mut page = page(&dashboard, &signed, typed, context! { problems => refused.problems() }).await?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let changed = put(&dashboard, &signed, values).await?;
    let said = if changed.is_empty() {
        context! { title => format!("{title}: nothing was changed."), kind => "info" }
    } else {
        context! { title => format!("{title} is saved."), detail => changed.join(" "), kind => "ok" }
    };
    page(&dashboard, &signed, Map::new(), context! { toasts => [said] }).await
}

/// Saves what differs from what is set; says what that was.
async fn put(
    dashboard: &Dashboard,
    signed: &Signed,
    values: Vec<(&'static Setting, &'static str, Json)>,
) -> Result<Vec<String>, Refused> {
    let set = dashboard.read(|read| Ok(read.settings()?)).await?;
    let old = |setting: &Setting| set.get(setting.name).cloned().unwrap_or_else(|| setting.default());
    let changed: Vec<_> = values.into_iter().filter(|(setting, _, value)| *value != old(setting)).collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let said = changed.iter().map(|(_, label, value)| describe(label, value)).collect();
    let (signature, new) =
        (signed.signature(), changed.into_iter().map(|(setting, _, value)| (setting, value)).collect());
    dashboard.change(move |authoring| authoring.change_settings(new, signature)).await?;
    Ok(said)
}

fn describe(label: &str, value: &Json) -> String {
    match value {
        Json::Bool(on) => format!("{label}: {}.", if *on { "on" } else { "off" }),
        Json::String(text) if text.is_empty() => format!("{label}: empty now."),
        Json::String(text) => format!("{label}: {text}"),
        other => format!("{label}: {other}"),
    }
}

/// A reason as people read it.
fn sentence(why: &str) -> String {
    let why = why.replace('`', "");
    let mut letters = why.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    // A dot after an address would look like a part of it.
    let dot = if why.rsplit(' ').next().is_some_and(|last| last.contains("://")) { "" } else { "." };
    format!("{first}{}{dot}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::sections;
    use crate::content::settings::Setting;

    #[test]
    fn every_setting_stands_in_one_section() {
        let mut placed: Vec<&str> =
            sections().iter().flat_map(|section| section.settings.iter().map(|one| one.setting.name)).collect();
        let mut all: Vec<&str> = Setting::ALL.iter().map(|setting| setting.name).collect();
        placed.sort_unstable();
        all.sort_unstable();
        assert_eq!(placed, all);
    }
}
