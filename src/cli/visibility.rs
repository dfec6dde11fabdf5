//! What `larder publish` and `larder unpublish` are told: which entry, in which locale, when.

use clap::Args;

use super::failure::Failure;
use super::foresight::Plan;
use super::place::Place;
use super::target::{Target, in_locale};
use crate::authoring::Authoring;
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;

/// The options of both commands.
#[derive(Args)]
pub(super) struct Visibility {
    #[command(flatten)]
    pub(super) place: Place,

    /// What: page:TYPE/SLUG, single:SLUG, post:SLUG or item:ID
    target: Target,

    /// In which locale; the default one when left out
    #[arg(long)]
    locale: Option<String>,

    /// When, such as 2027-01-31T08:00:00Z (UTC when no zone is given); `never` takes the time back
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) at: Option<When>,

    #[command(flatten)]
    pub(super) plan: Plan,
}

/// A time that was typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct When(pub(super) Option<Moment>);

pub(super) fn time(text: &str) -> Result<When, String> {
    if text == "never" {
        return Ok(When(None));
    }
    Moment::parse(text)
        .map(|moment| When(Some(moment)))
        .ok_or_else(|| "expected a time such as 2027-01-31T08:00:00Z".into())
}

impl Visibility {
    /// The site, and what is meant in it.
    pub(super) fn find(&self) -> Result<(Authoring, EntryId, LocaleId), Failure> {
        let site = self.place.open()?;
        let (entry, locale) = in_locale(&site, &self.target, self.locale.as_deref())?;
        Ok((site, entry, locale))
    }
}
