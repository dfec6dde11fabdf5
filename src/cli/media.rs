//! `larder media`

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::authoring::{Authoring, Incoming, MediaFacts, MediaPlace};
use crate::store::{MediaQuery, MediaRow};

/// How many places `where` prints.
const MOST_PLACES: usize = 1_000;

/// Pictures and files
#[derive(Subcommand)]
pub(super) enum Media {
    List(List),
    Add(Add),
    Replace(Replace),
    Remove(Remove),
    Where(Where),
    Sign(Sign),
}

/// List pictures and files, newest first
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Parts of words that name, alternative text or tags hold
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Only what is used nowhere
    #[arg(long)]
    unused: bool,
    /// Only pictures without alternative text
    #[arg(long)]
    without_alt: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Take files in and print their ids
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    place: Place,
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Alternative text
    #[arg(long, default_value = "")]
    alt: String,
    /// The folder, such as Shop/Autumn; made when it is not there
    #[arg(long, value_name = "PATH", default_value = "")]
    folder: String,
    /// A tag; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Put another file under the same address
#[derive(Args)]
pub(super) struct Replace {
    #[command(flatten)]
    place: Place,
    /// Which
    id: String,
    /// The file
    file: PathBuf,
}

/// Delete pictures and files; they can be brought back for 30 days
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    place: Place,
    /// Which
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Even if something uses them
    #[arg(long)]
    anyway: bool,
}

/// Say where a picture or file is used
#[derive(Args)]
pub(super) struct Where {
    #[command(flatten)]
    place: Place,
    /// Which
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Sign addresses of pictures, for sites that make pictures in known sizes only
#[derive(Args)]
pub(super) struct Sign {
    #[command(flatten)]
    place: Place,
    /// Such as /media/resize=width:333/k3Jq9mZbT0aQp2Lx7RwU
    #[arg(required = true, value_name = "URL")]
    urls: Vec<String>,
}

impl Media {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(),
            Self::Add(add) => add.run(),
            Self::Replace(replace) => replace.run(),
            Self::Remove(remove) => {
                Ok(remove.place.open()?.delete_many_media(remove.ids, remove.anyway, signature())?)
            }
            Self::Where(uses) => uses.run(),
            Self::Sign(sign) => sign.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let query = MediaQuery {
            text: self.text.unwrap_or_default(),
            used: self.unused.then_some(false),
            alt: self.without_alt.then_some(false),
            ..MediaQuery::default()
        };
        let site = self.place.open()?;
        let media = site.store().read(|read| read.library(&query, 0, self.limit))?;
        if self.json {
            let all = site.store().read(|read| {
                media.into_iter().map(|media| MediaFacts::of(read, media)).collect::<Result<Vec<_>, _>>()
            })?;
            return terminal::json(&all.iter().map(MediaFacts::to_json).collect::<Vec<_>>());
        }
        let row =
            |media: MediaRow| [media.id, media.filename, media.kind, media.size.to_string(), media.uses.to_string()];
        let rows: Vec<_> = media.into_iter().map(row).collect();
        terminal::table(["id", "name", "type", "bytes", "used"], &rows)
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let folder = site.media_folder_at(&self.folder, signature())?;
        let mut added = Vec::new();
        for path in &self.files {
            let incoming = Incoming { alt: self.alt.clone(), folder, tags: self.tags.clone(), ..read(&site, path)? };
            let taken = site.take_in(incoming, None, signature()).map_err(|error| about(path, &error))?;
            if self.json {
                let mut facts = taken.facts.to_json();
                if taken.known {
                    facts["known"] = Value::Bool(true);
                }
                added.push(facts);
            } else {
                terminal::result(&taken.facts.media.id)?;
            }
        }
        if self.json { terminal::json(&added) } else { Ok(()) }
    }
}

impl Replace {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let incoming = read(&site, &self.file)?;
        site.replace_media(&self.id, incoming, signature()).map_err(|error| about(&self.file, &error))?;
        Ok(())
    }
}

impl Where {
    fn run(self) -> Result<(), Failure> {
        let (places, total) = self.place.open()?.media_places(&self.id, 0, MOST_PLACES)?;
        if self.json {
            let place = |place: &MediaPlace| {
                json!({
                    "entry": place.entry.map(|entry| entry.0),
                    "author": place.author,
                    "title": place.title,
                    "field": place.labels.join(" › "),
                    "live": place.live,
                })
            };
            let shown: Vec<Value> = places.iter().map(place).collect();
            return terminal::json(&json!({"total": total, "places": shown}));
        }
        let row = |place: MediaPlace| {
            let which = match (place.entry, place.author) {
                (Some(entry), _) => format!("entry:{}", entry.0),
                (None, author) => format!("author {}", author.unwrap_or_default()),
            };
            [which, place.title, place.labels.join(" › "), if place.live { "live" } else { "draft" }.to_owned()]
        };
        let rows: Vec<_> = places.into_iter().map(row).collect();
        terminal::table(["where", "title", "field", "seen"], &rows)
    }
}

impl Sign {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        self.urls.iter().try_for_each(|url| terminal::result(site.sign_picture(url)?))
    }
}

/// A file from elsewhere, copied to where it can be taken in.
fn read(site: &Authoring, path: &Path) -> Result<Incoming, Failure> {
    let mut source = File::open(path).map_err(|error| about(path, &error))?;
    let mut file = site.new_media_file()?;
    std::io::copy(&mut source, &mut file).map_err(|error| about(path, &error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Incoming::new(file, name))
}

fn about(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::said(format!("{}: {error}", path.display()))
}
