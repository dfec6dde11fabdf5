//! `larder unpublish`

use clap::Args;

use super::failure::Failure;
use super::place::signature;
use super::terminal::note;
use super::visibility::{Visibility, When};

/// Take what is live off, now or at a set time; it stays as a draft
#[derive(Args)]
pub(super) struct Unpublish {
    #[command(flatten)]
    options: Visibility,
}

impl Unpublish {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Visibility { place, at, plan, .. } = &self.options;
        let (site, entry, locale) = self.options.find()?;
        if plan.plan {
            let wanted = plan.wanted(&place.data);
            return plan.show(&site.foresee_unpublish(entry, locale, wanted)?);
        }
        match *at {
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
