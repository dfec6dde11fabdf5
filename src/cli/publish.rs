//! `larder publish`

use clap::Args;

use super::failure::Failure;
use super::foresight::Plan;
use super::place::{Place, signature};
use super::target::{Target, in_locale};
use super::terminal::note;
use crate::content::moment::Moment;

/// Make a draft live, now or at a set time
#[derive(Args)]
pub(super) struct Publish {
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

impl Publish {
    pub(super) fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let (entry, locale) = in_locale(&site, &self.target, self.locale.as_deref())?;
        if self.plan.plan {
            let wanted = self.plan.wanted(&self.place.data);
            return self.plan.show(&site.foresee_publish(entry, locale, signature(), wanted)?);
        }
        match self.at {
            None => {
                site.publish(entry, locale, signature())?;
                note(format_args!("entry {} is live", entry.0));
            }
            Some(When(at)) => {
                site.schedule_publish(entry, locale, at, signature())?;
                match at {
                    Some(at) => note(format_args!("entry {} goes live at {at}, when a server is running", entry.0)),
                    None => note(format_args!("entry {} goes live when somebody publishes it", entry.0)),
                }
            }
        }
        Ok(())
    }
}
