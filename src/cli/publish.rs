//! `larder publish`

use clap::Args;

use super::failure::Failure;
use super::place::signature;
use super::terminal::note;
use super::visibility::{Visibility, When};

/// Make a draft live, now or at a set time
#[derive(Args)]
pub(super) struct Publish {
    #[command(flatten)]
    options: Visibility,
}

impl Publish {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Visibility { place, at, plan, .. } = &self.options;
        let (site, entry, locale) = self.options.find()?;
        if plan.plan {
            let wanted = plan.wanted(&place.data);
            return plan.show(&site.foresee_publish(entry, locale, signature(), wanted)?);
        }
        match *at {
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
