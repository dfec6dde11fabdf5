//! Visitors of addresses that change or go: where they are, and where they are sent.

use super::address;
use super::asking::Asking;
use super::error::Refused;
use super::reach::Reached;
use crate::authoring::Signature;
use crate::content::entry::Entry;
use crate::content::locale::LocaleId;
use crate::content::redirect::{source, target};
use crate::content::schema::{Kind, Schema};
use crate::content::settings::Settings;
use crate::store::Read;

/// Where visitors find the live version of an entry in a locale.
#[derive(Clone, Debug)]
struct Place {
    locale: LocaleId,
    /// As redirects name it.
    path: String,
    /// As it is asked for, perhaps with a slash at its end.
    address: String,
}

/// Where visitors find the live versions of an entry: by `page_url` and `blog_url_prefix`. Items have no place of
/// their own.
fn visited(read: &Read<'_>, schema: &Schema, entry: &Entry) -> Result<Vec<Place>, Refused> {
    if schema.kind == Kind::Collection || entry.deleted.is_some() {
        return Ok(Vec::new());
    }
    let settings = Settings::read(&read.settings()?);
    let (model, slug) = (read.model(), entry.slug.as_deref());
    let live = read.variants(entry.id)?.into_iter().filter(|variant| variant.live.is_some());
    let slash = schema.kind != Kind::Post && settings.page_url.as_deref().is_some_and(|pattern| pattern.ends_with('/'));
    let places = live.filter_map(|variant| {
        let address = address::on_site(&settings, model, schema, (entry.id, variant.locale), slug);
        // An address that no redirect can be for is none to ask about.
        let path = source(&address).ok()?;
        let address = if slash { format!("{path}/") } else { path.clone() };
        Some(Place { locale: variant.locale, path, address })
    });
    Ok(places.collect())
}

/// The addresses that nobody finds without an entry in a locale; without it anywhere when none is named.
///
/// # Errors
/// The database's.
pub(super) fn lost_without(
    read: &Read<'_>,
    reached: &Reached,
    locale: Option<LocaleId>,
) -> Result<Vec<String>, Refused> {
    let all = visited(read, &reached.schema, &reached.entry)?;
    let goes = |place: &&Place| locale.is_none_or(|locale| locale == place.locale);
    let stays = |path: &String| all.iter().any(|place| place.path == *path && !goes(&place));
    let mut lost: Vec<String> = all.iter().filter(goes).map(|place| place.path.clone()).collect();
    lost.retain(|path| !stays(path));
    lost.dedup();
    Ok(lost)
}

/// What was asked for with a change, and how things were before it.
pub(super) struct Visitors {
    before: Vec<Place>,
    wish: Wish,
}

/// Where visitors of what goes are to be sent.
enum Wish {
    Nowhere,
    /// To where it is now.
    Along,
    To(String),
}

impl Visitors {
    /// What `redirect` asks for: `1` sends visitors along, an address sends them there, nothing nowhere.
    ///
    /// # Errors
    /// 400 when that is no address.
    pub(super) async fn before(asking: &Asking, reached: &Reached) -> Result<Self, Refused> {
        let wish = match asking.sent.text("redirect").trim() {
            "" | "0" => Wish::Nowhere,
            "1" => Wish::Along,
            to => Wish::To(target(to).map_err(Refused::bad)?),
        };
        Ok(Self { before: places(asking, reached).await?, wish })
    }

    /// Asks first when a change would move what is live to `slug`, and nobody has said what becomes of its
    /// visitors.
    ///
    /// # Errors
    /// 409 with both addresses.
    pub(super) async fn ask_about(&self, asking: &Asking, reached: &Reached, slug: &str) -> Result<(), Refused> {
        if asking.sent.find("redirect").is_some() || !asking.flag("asks") {
            return Ok(());
        }
        let mut moved = reached.clone();
        moved.entry.slug = Some(slug.to_owned());
        let after = places(asking, &moved).await?;
        let moved = self.before.iter().find_map(|from| Some((from, same_locale(&after, from)?)));
        match moved.filter(|(from, to)| from.path != to.path) {
            Some((from, to)) => Err(Refused::moves(&from.path, &to.address)),
            None => Ok(()),
        }
    }

    /// Sends visitors on after the change, and says so. A redirect of an address at which there is something
    /// again would keep visitors from it: it goes.
    pub(super) async fn after(&self, asking: &Asking, reached: &Reached) -> String {
        match self.follow(asking, reached).await {
            Ok(said) => said.join(" "),
            Err(refused) => {
                let why = refused.problems().into_values().next().unwrap_or(refused.message);
                format!("No redirect was set: {why}")
            }
        }
    }

    async fn follow(&self, asking: &Asking, reached: &Reached) -> Result<Vec<String>, Refused> {
        let id = reached.entry.id;
        let again = asking.dashboard.read(move |read| Ok(read.entry(id)?)).await?;
        let after = match again {
            Some(entry) => places(asking, &Reached { entry, ..reached.clone() }).await?,
            None => Vec::new(),
        };
        let is_in = |place: &Place, list: &[Place]| list.iter().any(|one| one.path == place.path);
        let mut said = Vec::new();
        for Place { path, .. } in after.iter().filter(|place| !is_in(place, &self.before)) {
            if free(asking, path).await? {
                said.push(format!("The redirect from {path} is removed, because there is something again."));
            }
        }
        let mut lost: Vec<&Place> = self.before.iter().filter(|place| !is_in(place, &after)).collect();
        lost.dedup_by(|one, other| one.path == other.path);
        for from in lost {
            let to = match &self.wish {
                Wish::Nowhere => None,
                Wish::Along => same_locale(&after, from).map(|to| to.address.clone()),
                Wish::To(to) => Some(to.clone()),
            };
            if let Some(to) = to {
                send(asking, &from.path, &to).await?;
                said.push(format!("Visitors of {} are sent to {to}.", from.path));
            }
        }
        Ok(said)
    }
}

fn same_locale<'p>(places: &'p [Place], place: &Place) -> Option<&'p Place> {
    places.iter().find(|other| other.locale == place.locale)
}

async fn places(asking: &Asking, reached: &Reached) -> Result<Vec<Place>, Refused> {
    let (schema, entry) = (reached.schema.clone(), reached.entry.clone());
    asking.dashboard.read(move |read| visited(read, &schema, &entry)).await
}

async fn send(asking: &Asking, from: &str, to: &str) -> Result<(), Refused> {
    let (from, to, signature) = (from.to_owned(), to.to_owned(), asking.signature());
    asking.dashboard.change(move |authoring| authoring.follow_move(&from, &to, signature).map(drop)).await
}

/// Whether there was a redirect for a path, which is gone now.
async fn free(asking: &Asking, path: &str) -> Result<bool, Refused> {
    let (path, signature): (String, Signature) = (path.to_owned(), asking.signature());
    asking.dashboard.change(move |authoring| authoring.free_address(&path, signature)).await
}
