//! Visitors of addresses that change or go: where they are, and where they are sent.

use super::asking::Asking;
use super::error::Refused;
use super::reach::Reached;
use crate::authoring::{Address, Wish, visited};
use crate::content::locale::LocaleId;
use crate::content::redirect::target;
use crate::store::Read;

/// The addresses that nobody finds without an entry in a locale; without it anywhere when none is named.
///
/// # Errors
/// The database's.
pub(super) fn lost_without(
    read: &Read<'_>,
    reached: &Reached,
    locale: Option<LocaleId>,
) -> Result<Vec<String>, Refused> {
    let all = visited(read, &reached.entry)?;
    let goes = |place: &&Address| locale.is_none_or(|locale| locale == place.locale);
    let stays = |path: &String| all.iter().any(|place| place.path == *path && !goes(&place));
    let mut lost: Vec<String> = all.iter().filter(goes).map(|place| place.path.clone()).collect();
    lost.retain(|path| !stays(path));
    lost.dedup();
    Ok(lost)
}

/// What was asked for with a change, and how things were before it.
pub(super) struct Visitors {
    before: Vec<Address>,
    wish: Wish,
}

impl Visitors {
    /// What `redirect` asks for: `1` sends visitors along, an address sends them there, nothing nowhere.
    ///
    /// # Errors
    /// 400 when that is no address.
    pub(super) async fn before(asking: &Asking, reached: &Reached) -> Result<Self, Refused> {
        let wish = wish(asking.sent.text("redirect"))?;
        Ok(Self { before: places(asking, reached).await?, wish })
    }

    /// What was asked for, for what happens later.
    pub(super) fn wish(&self) -> &Wish {
        &self.wish
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
            Some((from, to)) => Err(Refused::moves(&from.path, &to.asked)),
            None => Ok(()),
        }
    }

    /// Sends visitors on after the change, and says so. A redirect of an address at which there is something
    /// again would keep visitors from it: it goes.
    pub(super) async fn after(&self, asking: &Asking, reached: &Reached) -> String {
        let (before, id) = (self.before.clone(), reached.entry.id);
        let (wish, signature) = (self.wish.clone(), asking.signature());
        let followed =
            asking.dashboard.change(move |authoring| authoring.follow_visitors(before, id, wish, signature)).await;
        followed.map_or_else(|refused| format!("No redirect was set: {}", refused.message), |said| said.join(" "))
    }
}

/// What a form asks for: `1` sends visitors along, an address sends them there, nothing nowhere.
///
/// # Errors
/// 400 when that is no address.
pub(super) fn wish(text: &str) -> Result<Wish, Refused> {
    match text.trim() {
        "" | "0" => Ok(Wish::Nowhere),
        "1" => Ok(Wish::Along),
        to => Ok(Wish::To(target(to).map_err(Refused::bad)?)),
    }
}

fn same_locale<'p>(places: &'p [Address], place: &Address) -> Option<&'p Address> {
    places.iter().find(|other| other.locale == place.locale)
}

async fn places(asking: &Asking, reached: &Reached) -> Result<Vec<Address>, Refused> {
    let entry = reached.entry.clone();
    asking.dashboard.read(move |read| Ok(visited(read, &entry)?)).await
}
