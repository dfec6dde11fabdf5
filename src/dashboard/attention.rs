//! What somebody should look at: pictures without a description, links to what is gone, missed times.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::address;
use super::error::Refused;
use super::list::row::{Shower, When};
use super::sight::Sight;
use crate::account::{Right, User};
use crate::authoring::now;
use crate::content::field::{Field, FieldType};
use crate::content::moment::Moment;
use crate::content::outbox::{ParcelState, TargetKind};
use crate::content::oversight::{Oversights, bare_picture};
use crate::content::place;
use crate::content::schema::{Kind, Schema};
use crate::content::settings::Settings;
use crate::content::webhook::TEST;
use crate::content::zone::Zone;
use crate::replica::Board;
use crate::store::{Line, Read};

/// How many things are shown.
const SHOWN: usize = 12;
/// How long what was given up is shown, in microseconds: a week.
const LATELY: i64 = 7 * 24 * 60 * 60 * 1_000_000;
/// To how many deleted entries, the latest, broken links are looked for.
const GONE: usize = 500;

/// One thing to look at.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Concern {
    title: String,
    href: String,
    /// What is wrong, in a sentence.
    text: String,
    icon: &'static str,
    when: Option<When>,
}

/// What is the matter with the copies of the site elsewhere, for those who can do something about it.
pub(super) fn of_copies(copying: Option<&Board>, user: &User) -> Option<Concern> {
    let text = copying.filter(|_| user.may(Right::Build))?.status().warning(now())?;
    Some(Concern { title: "Backup".into(), href: address::BACKUP.into(), text, icon: "database", when: None })
}

/// Webhooks that take nothing any more, and what was given up for them within a week, for those who can do something
/// about it.
pub(super) fn of_webhooks(read: &Read<'_>, user: &User, zone: &Zone) -> Result<Vec<Concern>, Refused> {
    let mut concerns = Vec::new();
    if !user.may(Right::Build) {
        return Ok(concerns);
    }
    let lately = Moment::from_micros(now().micros() - LATELY);
    for target in read.targets(TargetKind::Webhook)?.into_iter().filter(|target| target.active) {
        let standing = read.standing(target.id)?;
        let given_up = read.dead_since(target.id, lately, TEST)?;
        let text = match (standing.since.filter(|_| standing.resumes.is_some()), given_up) {
            (Some(_), _) => "The webhook does not take what is sent to it.".to_owned(),
            (None, 0) => continue,
            (None, 1) => "One message to this webhook was given up.".to_owned(),
            (None, many) => format!("{many} messages to this webhook were given up."),
        };
        let when = standing.since.map(|since| When::of(since, zone));
        concerns.push(Concern { title: target.name, href: address::webhook(target.id), text, icon: "webhook", when });
    }
    Ok(concerns)
}

/// A CDN that shows what is old, because it does not take what it shall drop.
pub(super) fn of_cdn(read: &Read<'_>, user: &User, zone: &Zone) -> Result<Option<Concern>, Refused> {
    if !user.may(Right::Build) {
        return Ok(None);
    }
    for target in read.targets(TargetKind::Cdn)? {
        let standing = read.standing(target.id)?;
        let given_up = read.count_parcels(target.id, ParcelState::Dead)?;
        let Some(since) = standing.since.filter(|_| standing.resumes.is_some() || given_up > 0) else { continue };
        let (title, text) =
            ("CDN".to_owned(), "It does not take what it shall drop, and may show what is old.".to_owned());
        let when = Some(When::of(since, zone));
        return Ok(Some(Concern { title, href: address::CDN.into(), text, icon: "globe", when }));
    }
    Ok(None)
}

/// What a person should look at, the most urgent first.
pub(super) fn concerns(read: &Read<'_>, sight: Sight, shower: &Shower<'_>) -> Result<Vec<Concern>, Refused> {
    let mut concerns = Vec::new();
    for missed in read.missed(sight.eyes(), SHOWN)? {
        let text = format!("Could not go live at its time. {}", missed.why);
        let when = Some(When::of(missed.at, shower.zone()));
        concerns.extend(concern(read, shower, &missed.line, text, "clock").map(|concern| Concern { when, ..concern }));
    }
    for broken in read.broken_links(sight.eyes(), SHOWN)? {
        let schema = read.model().schema(broken.line.schema);
        let field = schema.map(|schema| field_name(&schema.fields, &broken.path)).unwrap_or_default();
        let text = format!("“{field}” refers to something that was deleted.");
        concerns.extend(concern(read, shower, &broken.line, text, "link-2-off"));
    }
    for missing in read.missing_media(sight.eyes(), SHOWN)? {
        let text = format!("The picture at {} could not be copied into the library. {}", missing.url, missing.why);
        concerns.extend(concern(read, shower, &missing.line, text, "image"));
    }
    let reader = Reader { read, gone: gone(read)? };
    let mut lines = read.with_bare_pictures(sight.eyes(), SHOWN)?;
    for line in read.linking_to(&reader.gone, sight.eyes(), SHOWN)? {
        if !lines.iter().any(|known| known.entry == line.entry && known.locale == line.locale) {
            lines.push(line);
        }
    }
    // Those saved last first.
    lines.sort_by_key(|line| std::cmp::Reverse(line.revision.0));
    for line in lines {
        let Some(schema) = read.model().schema(line.schema) else { continue };
        for (text, icon) in reader.problems(&line, schema)? {
            concerns.extend(concern(read, shower, &line, text, icon));
        }
    }
    concerns.truncate(SHOWN);
    Ok(concerns)
}

fn concern(read: &Read<'_>, shower: &Shower<'_>, line: &Line, text: String, icon: &'static str) -> Option<Concern> {
    let schema = read.model().schema(line.schema)?;
    let href = address::entry_in(schema, line.entry, read.model(), line.locale);
    Some(Concern { title: shower.name(line), href, text, icon, when: None })
}

/// The name of the field at the beginning of a path of ids.
fn field_name(fields: &[Field], path: &str) -> String {
    let first = path.split('.').next().unwrap_or_default();
    fields.iter().find(|field| field.id.storage_key() == first).map(|field| field.name.clone()).unwrap_or_default()
}

/// The addresses of what was deleted and of which nothing else has taken the place.
fn gone(read: &Read<'_>) -> Result<BTreeSet<String>, Refused> {
    let settings = Settings::read(&read.settings()?);
    let mut gone = BTreeSet::new();
    for found in read.discarded(None, GONE)? {
        let (Some(schema), Some(slug)) = (read.model().schema(found.line.schema), &found.line.slug) else { continue };
        let taken = read.entry_by_slug(schema.id, slug, crate::content::entry::View::Newest)?.is_some();
        if !taken && schema.kind != Kind::Collection {
            let line = &found.line;
            let shown = (line.entry, line.locale);
            gone.insert(place::on_site(&settings, read.model(), schema, shown, line.slug.as_deref()));
        }
    }
    Ok(gone)
}

/// Reads the words and pictures of entries.
struct Reader<'a> {
    read: &'a Read<'a>,
    gone: BTreeSet<String>,
}

/// A sentence and its icon.
type Problem = (String, &'static str);

impl Reader<'_> {
    fn problems(&self, line: &Line, schema: &Schema) -> Result<Vec<Problem>, Refused> {
        let Some(version) = self.read.version_of(line)? else { return Ok(Vec::new()) };
        let fields = &version.revision.fields;
        let found = Oversights::of(fields);
        let mut nameless = 0;
        for media in &found.bare {
            nameless += usize::from(self.is_nameless(media)?);
        }
        let mut problems = Vec::new();
        match nameless {
            0 => {}
            1 => problems.push((self.which_picture(schema, fields)?, "image")),
            many => problems.push((format!("{many} pictures have no description."), "image")),
        }
        let broken = found.links.intersection(&self.gone).take(2);
        problems.extend(broken.map(|path| (format!("Links to {path}, which was deleted."), "unlink")));
        Ok(problems)
    }

    /// Names the field of the only picture without a description, where it is one of the entry's own.
    fn which_picture(&self, schema: &Schema, fields: &Value) -> Result<String, Refused> {
        for field in schema.fields().filter(|field| matches!(field.kind, FieldType::Media(_))) {
            let Some(media) = bare_picture(field.stored(fields)) else { continue };
            if self.is_nameless(&media)? {
                return Ok(format!("The picture in “{}” has no description.", field.name));
            }
        }
        Ok("A picture has no description.".into())
    }

    /// Whether a picture that is not described where it is used has no description in the library either.
    fn is_nameless(&self, media: &str) -> Result<bool, Refused> {
        if media.is_empty() {
            return Ok(true);
        }
        let media = self.read.media(media)?;
        Ok(media.is_some_and(|media| media.kind.starts_with("image/") && media.alt.trim().is_empty()))
    }
}
