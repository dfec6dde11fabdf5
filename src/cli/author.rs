//! `larder author`

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::authoring::NewAuthor;
use crate::content::post;

/// Authors of blog posts
#[derive(Subcommand)]
pub(super) enum Author {
    Add(Add),
    List(List),
    Change(Change),
    Remove(Remove),
}

/// What is known of an author
#[derive(Args)]
struct Known {
    /// Given name
    #[arg(long)]
    first_name: Option<String>,
    /// Family name
    #[arg(long)]
    last_name: Option<String>,
    /// Address; the API shows it to everybody
    #[arg(long)]
    email: Option<String>,
    /// About them
    #[arg(long)]
    bio: Option<String>,
    /// Their role
    #[arg(long)]
    title: Option<String>,
    /// Address of a profile
    #[arg(long, value_name = "URL")]
    linkedin_url: Option<String>,
    /// Address of a profile
    #[arg(long, value_name = "URL")]
    facebook_url: Option<String>,
    /// Address of a profile
    #[arg(long, value_name = "URL")]
    instagram_url: Option<String>,
    /// Address of a profile
    #[arg(long, value_name = "URL")]
    pinterest_url: Option<String>,
    /// Name there, without @
    #[arg(long, value_name = "NAME")]
    twitter_handle: Option<String>,
    /// Address of a picture
    #[arg(long, value_name = "URL")]
    profile_image: Option<String>,
}

/// Add an author and print the slug
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    place: Place,
    /// URL name; made from the name when left out
    #[arg(long)]
    slug: Option<String>,
    #[command(flatten)]
    known: Known,
}

/// List the authors
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Change an author: what is given is set
#[derive(Args)]
pub(super) struct Change {
    #[command(flatten)]
    place: Place,
    /// Whom
    slug: String,
    /// A new URL name
    #[arg(long = "slug", value_name = "SLUG")]
    new_slug: Option<String>,
    #[command(flatten)]
    known: Known,
}

/// Remove an author who has written nothing
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    place: Place,
    /// Whom
    slug: String,
}

impl Author {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(),
            Self::List(list) => list.run(),
            Self::Change(change) => change.run(),
            Self::Remove(remove) => Ok(remove.place.open()?.remove_author(&remove.slug, signature())?),
        }
    }
}

impl Known {
    fn set(self, author: &mut post::Author) {
        for (field, given) in [
            (&mut author.first_name, self.first_name),
            (&mut author.last_name, self.last_name),
            (&mut author.email, self.email),
            (&mut author.bio, self.bio),
            (&mut author.title, self.title),
            (&mut author.linkedin_url, self.linkedin_url),
            (&mut author.facebook_url, self.facebook_url),
            (&mut author.instagram_url, self.instagram_url),
            (&mut author.pinterest_url, self.pinterest_url),
            (&mut author.twitter_handle, self.twitter_handle),
            (&mut author.profile_image, self.profile_image),
        ] {
            if let Some(given) = given {
                *field = given;
            }
        }
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let mut author = post::Author { slug: self.slug.unwrap_or_default(), ..post::Author::default() };
        self.known.set(&mut author);
        let added = self.place.open()?.add_author(NewAuthor { author }, signature())?;
        terminal::result(added.slug)
    }
}

impl Change {
    fn run(self) -> Result<(), Failure> {
        let (known, slug) = (self.known, self.new_slug);
        let edit = move |author: &mut post::Author| {
            known.set(author);
            author.slug = slug.unwrap_or_else(|| author.slug.clone());
        };
        self.place.open()?.change_author(&self.slug, edit, signature())?;
        Ok(())
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let authors = self.place.open()?.store().read(|read| read.authors())?;
        if self.json {
            return terminal::json(&authors);
        }
        let row = |author: post::Author| [author.full_name(), author.slug, author.email];
        let rows: Vec<_> = authors.into_iter().map(row).collect();
        terminal::table(["name", "slug", "email"], &rows)
    }
}
