//! A part of the library: its folders, its files and what narrows it down.

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::narrowing::{Narrowing, TAGS};
use super::tile::Tile;
use super::wanted::{ORDERS, Wanted};
use super::words::{files, grouped};
use crate::content::media::FolderId;
use crate::content::zone::Zone;
use crate::dashboard::error::Refused;
use crate::dashboard::times;
use crate::intake::LARGEST_IN_PIECES;
use crate::store::{MediaFolder, MediaQuery, MediaRow, Read};

/// How many files a page has.
const PAGE: u64 = 60;

/// What files of other types are refused for.
const ACCEPTS: &str = "JPEG, PNG, WebP, AVIF, GIF and SVG pictures, films, sounds, PDF and office documents.";

/// A folder that can be gone to, or chosen.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Place {
    id: i64,
    name: String,
    /// With the names of the folders it lies in.
    label: String,
    href: String,
    count: String,
}

/// The order of the files, as it is chosen.
#[derive(Serialize)]
struct Order {
    label: &'static str,
    href: String,
    current: bool,
}

/// A part of the library that somebody asked for.
pub(super) struct Shelf<'a> {
    read: &'a Read<'a>,
    wanted: Wanted,
    /// Below which address it is shown.
    base: &'static str,
    zone: Zone,
    folders: Vec<MediaFolder>,
    folder: Option<MediaFolder>,
}

impl<'a> Shelf<'a> {
    /// Finds the folder it is about.
    ///
    /// # Errors
    /// 404 when there is no such folder.
    pub(super) fn open(read: &'a Read<'a>, wanted: Wanted, base: &'static str) -> Result<Self, Refused> {
        let settings = crate::content::settings::Settings::read(&read.settings()?);
        let folders = read.media_folders()?;
        let found = |id: FolderId| folders.iter().find(|folder| folder.id == id).cloned();
        let folder = wanted.folder.map(|id| found(id).ok_or_else(Refused::not_found)).transpose()?;
        Ok(Self { read, wanted, base, zone: times::zone(&settings), folders, folder })
    }

    /// The files of the page that was asked for, and what their tags are.
    pub(super) fn files(&self, total: u64) -> Result<Vec<(MediaRow, Vec<String>)>, Refused> {
        let found = self.read.library(&self.wanted.query(&self.zone), (self.page(total) - 1) * PAGE, PAGE as usize)?;
        let with_tags = |media: MediaRow| Ok((media.clone(), self.read.media_tags(&media.id)?));
        found.into_iter().map(with_tags).collect()
    }

    /// The page that was asked for; behind the last one, the last.
    fn page(&self, total: u64) -> u64 {
        self.wanted.page.clamp(1, total.div_ceil(PAGE).max(1))
    }

    /// The time zone of the site.
    pub(super) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// What templates show of it, without its files.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn around(&self) -> Result<(Value, u64), Refused> {
        let wanted = &self.wanted;
        let counts = self.read.library_counts(&wanted.query(&self.zone))?;
        let tags = self.read.all_media_tags(TAGS)?;
        let narrowing = Narrowing { wanted, base: self.base, counts, tags: &tags, zone: &self.zone };
        let shown = context! {
            base => self.base,
            here => wanted.address(self.base),
            parts => Value::from(Serde(wanted.with(|wanted| wanted.words.clear()).parts())),
            words => wanted.words.clone(),
            narrowed => wanted.is_narrowed(),
            clear => Wanted { folder: wanted.folder, table: wanted.table, order: wanted.order, ..Wanted::default() }.address(self.base),
            folder => self.folder.as_ref().map(|folder| context! {
                id => folder.id.0, name => folder.name.clone(), parent => folder.parent.map(|parent| parent.0),
            }),
            crumbs => Value::from(Serde(self.above())),
            folders => Value::from(Serde(self.within())),
            chips => Value::from(Serde(narrowing.chips())),
            menus => Value::from(Serde(narrowing.menus())),
            pages => self.pager(counts.total),
            tags => tags.iter().map(|(tag, _)| tag.clone()).collect::<Vec<_>>(),
        };
        Ok((shown, counts.total))
    }

    /// What the library's screen shows of it.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn context(&self) -> Result<Value, Refused> {
        let (around, total) = self.around()?;
        let wanted = &self.wanted;
        let tiles: Vec<Tile> =
            self.files(total)?.iter().map(|(media, tags)| Tile::of(media, tags, &self.zone)).collect();
        let order = ORDERS.iter().find(|(order, ..)| *order == wanted.order);
        let look = |table: bool| Wanted { table, ..wanted.clone() }.address(self.base);
        let folder = self.folder.as_ref();
        let parent = folder.and_then(|folder| folder.parent);
        let above = self.folders.iter().find(|other| Some(other.id) == parent);
        Ok(context! {
            page => context! { title => "Media", section => "media" },
            summary => self.summary(total)?,
            tiles => Value::from(Serde(tiles)),
            table => wanted.table,
            views => context! { grid => look(false), table => look(true) },
            sort => context! { label => order.map_or("", |(.., label)| *label) },
            sorts => Value::from(Serde(self.orders())),
            tree => Value::from(Serde(tree(&self.folders))),
            below => folder.map(|folder| self.below(folder.id)).unwrap_or_default(),
            above => above.map_or_else(|| "the library".to_owned(), |above| format!("“{}”", above.name)),
            accepts => ACCEPTS,
            most => format!("{} GB", LARGEST_IN_PIECES >> 30),
            ..around
        })
    }

    /// How many files there are, filters aside.
    fn summary(&self, total: u64) -> Result<String, Refused> {
        if !self.wanted.is_narrowed() {
            return Ok(files(total));
        }
        let all = MediaQuery { folder: self.wanted.folder.map(Some), ..MediaQuery::default() };
        Ok(files(self.read.library_counts(&all)?.total))
    }

    fn pager(&self, total: u64) -> Value {
        let page = self.page(total);
        let (first, last) = ((page - 1) * PAGE + 1, (page * PAGE).min(total));
        let to = |page: u64| Wanted { page, ..self.wanted.clone() }.address(self.base);
        context! {
            words => if total <= PAGE { files(total) } else { format!("{}–{} of {}", grouped(first), grouped(last), grouped(total)) },
            previous => if page > 1 { to(page - 1) } else { String::new() },
            next => if last < total { to(page + 1) } else { String::new() },
        }
    }

    fn orders(&self) -> Vec<Order> {
        let order = |&(order, _, label): &(_, _, _)| Order {
            label,
            href: self.wanted.with(|wanted| wanted.order = order).address(self.base),
            current: self.wanted.order == order,
        };
        ORDERS.iter().map(order).collect()
    }

    /// The folders that this one lies in, from the top.
    fn above(&self) -> Vec<Place> {
        let mut path = self.folder.as_ref().map(|folder| path(&self.folders, folder)).unwrap_or_default();
        path.pop();
        path.into_iter().map(|folder| self.place(folder)).collect()
    }

    /// The folders that lie here; none while something narrows, for what is found may lie anywhere.
    fn within(&self) -> Vec<Place> {
        if self.wanted.is_narrowed() {
            return Vec::new();
        }
        let here = |folder: &&MediaFolder| folder.parent == self.wanted.folder;
        self.folders.iter().filter(here).map(|folder| self.place(folder)).collect()
    }

    fn place(&self, folder: &MediaFolder) -> Place {
        let there = Wanted { folder: Some(folder.id), table: self.wanted.table, ..Wanted::default() };
        Place {
            id: folder.id.0,
            name: folder.name.clone(),
            label: folder.name.clone(),
            href: there.address(self.base),
            count: grouped(folder.files),
        }
    }

    /// A folder with all that lie in it, at any depth.
    fn below(&self, id: FolderId) -> Vec<i64> {
        let lies = |folder: &&MediaFolder| path(&self.folders, folder).iter().any(|over| over.id == id);
        self.folders.iter().filter(lies).map(|folder| folder.id.0).collect()
    }
}

/// All folders as a tree, each by the names on the way to it.
pub(super) fn tree(folders: &[MediaFolder]) -> Vec<Place> {
    let label = |folder: &MediaFolder| {
        path(folders, folder).iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join(" / ")
    };
    let place = |folder: &MediaFolder| Place {
        id: folder.id.0,
        name: folder.name.clone(),
        label: label(folder),
        href: String::new(),
        count: grouped(folder.files),
    };
    let mut places: Vec<Place> = folders.iter().map(place).collect();
    places.sort_by_cached_key(|place| place.label.to_lowercase());
    places
}

/// The folders on the way to one, itself last.
fn path<'f>(folders: &'f [MediaFolder], folder: &'f MediaFolder) -> Vec<&'f MediaFolder> {
    let mut path = vec![folder];
    let mut parent = folder.parent;
    // A folder that lay in itself would never end.
    while let Some(next) = folders.iter().find(|other| Some(other.id) == parent && path.len() <= folders.len()) {
        path.push(next);
        parent = next.parent;
    }
    path.reverse();
    path
}
