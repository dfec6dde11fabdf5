//! `GET /admin/media/{id}`: one picture or file.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::shelf::tree;
use super::tile::{is_drawing, screenful, small, thumb, version, whole};
use super::used::Uses;
use super::words::{kind, measures, weight};
use super::{LIBRARY, address, rights};
use crate::account::Right;
use crate::authoring::{KEPT, MediaFacts, now};
use crate::content::media::MEDIA;
use crate::content::settings::{Settings, widths};
use crate::content::zone::Zone;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::list::row::When;
use crate::dashboard::nav::Section;
use crate::dashboard::sight::Sight;
use crate::dashboard::times::{self, until};
use crate::dashboard::view::Screen;
use crate::store::{MediaRow, MediaVersion, Read};

/// How many tags are offered.
const TAGS: usize = 200;
/// The widths in pixels that pages ask for most.
const WIDTHS: [u32; 3] = [400, 800, 1600];

/// The routes of the details.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/media/{id}", get(show)).route("/admin/media/{id}/facts", get(facts))
}

/// Something that is known of the file.
#[derive(Serialize)]
struct Line {
    label: &'static str,
    value: String,
    when: Option<When>,
}

/// An address to copy.
#[derive(Serialize)]
struct Address {
    label: String,
    address: String,
    weight: String,
}

/// What the file is, or was before it was replaced.
#[derive(Serialize)]
struct Past {
    id: i64,
    name: String,
    line: String,
    by: String,
    at: When,
    picture: Option<String>,
    current: bool,
}

/// What is known of it, for scripts.
async fn facts(
    State(dashboard): State<Dashboard>,
    _signed: Signed,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Refused> {
    let facts = dashboard.change(move |authoring| authoring.media_facts(&id)).await?;
    Ok(Json(facts.to_json()))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed, Path(id): Path<String>) -> Result<Response, Refused> {
    let (asked, site) = (signed.clone(), dashboard.delivery.public_url().to_owned());
    let ask = move |read: &Read<'_>| {
        let media = read.media_or_deleted(&id)?.ok_or_else(Refused::not_found)?;
        if media.deleted.is_some() && !asked.user.may(Right::WriteOwn) {
            return Err(Refused::new(StatusCode::GONE, "deleted", "This file was deleted."));
        }
        let facts = MediaFacts::of(read, media)?;
        context_of(read, &asked, &facts, &site)
    };
    dashboard.screen(&signed, Screen { template: "library/asset.html", section: Section::Media }, ask).await
}

fn context_of(read: &Read<'_>, signed: &Signed, facts: &MediaFacts, site: &str) -> Result<Value, Refused> {
    let media = &facts.media;
    let settings = Settings::read(&read.settings()?);
    let zone = times::zone(&settings);
    let uses = Uses::of(read, Sight::of(&signed.user), &media.id, media.uses)?;
    let crumbs = media.folder.map(|folder| read.media_folder_path(folder)).transpose()?.unwrap_or_default();
    let crumbs = crumbs.iter().map(|folder| {
        context! { name => folder.name.clone(), href => format!("{LIBRARY}?folder={}", folder.id.0) }
    });
    let tags: Vec<String> = read.all_media_tags(TAGS)?.into_iter().map(|(tag, _)| tag).collect();
    Ok(context! {
        page => context! { title => media.filename.clone(), section => "media" },
        may => rights(signed),
        base => LIBRARY,
        here => address(&media.id),
        file => shown(media, &facts.tags, &zone),
        facts => Value::from(Serde(facts.to_json())),
        crumbs => crumbs.collect::<Vec<_>>(),
        uses => Value::from(Serde(uses)),
        versions => Value::from(Serde(past(media, read.media_versions(&media.id)?, &zone))),
        addresses => Value::from(Serde(addresses(media, site, &offered(&settings)))),
        lines => Value::from(Serde(lines(media, &zone))),
        tree => Value::from(Serde(tree(&read.media_folders()?))),
        tags,
    })
}

/// The file as the template shows it.
fn shown(media: &MediaRow, tags: &[String], zone: &Zone) -> Value {
    let is = |family: &str| media.kind.starts_with(family);
    let percent = |fraction: f64| (fraction * 1000.0).round() / 10.0;
    let left = |at: crate::content::moment::Moment| {
        let end = crate::content::moment::Moment::from_micros(at.micros() + KEPT);
        format!("in {}", until(now(), end))
    };
    context! {
        id => media.id.clone(),
        name => media.filename.clone(),
        alt => media.alt.clone(),
        kind => kind(&media.kind, &media.filename),
        measures => measures(media.width, media.height),
        weight => weight(media.size),
        width => media.width,
        height => media.height,
        picture => media.is_picture(),
        clear => is_drawing(&media.kind) || media.kind == "image/png",
        film => is("video/"),
        sound => is("audio/"),
        address => whole(media),
        shown => screenful(media),
        small => small(media),
        colour => media.colour.clone(),
        focal => media.focal.map(|focal| context! { x => percent(focal.x), y => percent(focal.y) }),
        folder => media.folder.map(|folder| folder.0),
        tags => tags.to_vec(),
        same => media.kind.split('/').next().filter(|family| ["image", "video", "audio"].contains(family)).map(|family| format!("{family}/*")),
        deleted => media.deleted.map(|at| context! {
            by => media.deleted_by.clone().unwrap_or_else(|| "somebody".into()), left => left(at),
            at => Value::from(Serde(When::of(at, zone))),
        }),
    }
}

fn lines(media: &MediaRow, zone: &Zone) -> Vec<Line> {
    let line = |label, value: String| Line { label, value, when: None };
    let at = |label, moment| Line { label, value: String::new(), when: Some(When::of(moment, zone)) };
    let mut lines = vec![line("Type", media.kind.clone())];
    let measures = measures(media.width, media.height);
    if !measures.is_empty() {
        lines.push(line("Pixels", measures));
    }
    lines.push(line("Size", weight(media.size)));
    if media.frames > 1 {
        lines.push(line("Moves", format!("{} frames", media.frames)));
    }
    lines.push(at("Added", media.created));
    if !media.by.is_empty() {
        lines.push(line("By", media.by.clone()));
    }
    if media.updated > media.created {
        lines.push(at("Changed", media.updated));
    }
    lines
}

/// The widths in which everybody may ask for pictures, or some of them.
fn offered(settings: &Settings) -> Vec<u32> {
    if settings.only_known_image_sizes { widths(&settings.image_widths).unwrap_or_default() } else { WIDTHS.to_vec() }
}

/// Where it is, as it is and in widths that pages ask for.
fn addresses(media: &MediaRow, site: &str, widths: &[u32]) -> Vec<Address> {
    let whole = format!("{}{MEDIA}{}", site.trim_end_matches('/'), media.id);
    let mut addresses = vec![Address { label: "As it is".into(), address: whole.clone(), weight: weight(media.size) }];
    if media.is_picture() && !is_drawing(&media.kind) {
        let smaller = widths.iter().filter(|width| media.width.is_some_and(|own| own > **width));
        addresses.extend(smaller.map(|width| Address {
            label: format!("{width} px wide"),
            address: format!("{whole}?w={width}"),
            weight: String::new(),
        }));
    }
    addresses
}

/// What it is now, and what it was.
fn past(media: &MediaRow, versions: Vec<MediaVersion>, zone: &Zone) -> Vec<Past> {
    let line = |media_type: &str, name: &str, width, height, size| {
        let parts = [kind(media_type, name), measures(width, height), weight(size)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let named = |by: &str| if by.is_empty() { "unknown".to_owned() } else { by.to_owned() };
    let now = Past {
        id: 0,
        name: media.filename.clone(),
        line: line(&media.kind, &media.filename, media.width, media.height, media.size),
        by: named(&media.by),
        at: When::of(media.created, zone),
        picture: thumb(media),
        current: true,
    };
    let before = versions.into_iter().map(|past| Past {
        id: past.id,
        line: line(&past.kind, &past.filename, past.width, past.height, past.size),
        by: named(&past.by),
        at: When::of(past.at, zone),
        picture: past
            .kind
            .starts_with("image/")
            .then(|| format!("{}/versions/{}/file?v={}", address(&media.id), past.id, version(&past.hash))),
        name: past.filename,
        current: false,
    });
    std::iter::once(now).chain(before).collect()
}
