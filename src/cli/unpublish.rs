//! `larder unpublish`

use clap::Args;

use super::failure::Failure;
use super::foresight::Plan;
use super::place::{Place, signature};
use super::publish::{When, time};
use super::target::{Target, in_locale};
use super::terminal::note;

/// Take what is live off, now or at a set time; it stays as a draft
#[derive(Args)]
pub(super) struct Unpublish {
    #[command(flatten)]
    place: Place,

    /// What: page:TYPE/SLUG, single:SLUG, post:SLUG or item:ID
    target: Target,

    /// In which locale; the default one when left out
    #[arg(long)]
    locale: Option<String>,

    /// When, such as 2027-01-31T08:00:00Z (UTC when no zone is given); `never` takes the time back
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<When>,

    #[command(flatten)]
    plan: Plan,
}

impl Unpublish {
    pub(super) fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let (entry, locale) = in_locale(&site, &self.target, self.locale.as_deref())?;
        if self.plan.plan {
            let wanted = self.plan.wanted(&self.place.data);
            return self.plan.show(&site.foresee_unpublish(entry, locale, wanted)?);
        }
        match self.at {
            None => {
                site.unpublish(entry, locale, signature())?;
                note(format_args!("entry {} is not live any more", entry.0));
            }
            Some(When(at)) => {
                site.schedule_unpublish(entry, locale, at, signature())?;
                match at {
                    Some(at) => note(format_args!("entry {} is taken off at {at}, when a server is running", entry.0)),
                    None => note(format_args!("entry {} stays live", entry.0)),
                }
            }
        }
        Ok(())
    }
}
