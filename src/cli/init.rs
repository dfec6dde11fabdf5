//! `larder init`

use clap::Args;

use super::failure::Failure;
use super::place::{Place, holds_site, make, media_of, signature};
use super::terminal::note;
use crate::authoring::{Checked, Files};
use crate::starter;

/// Make a new site in a folder
#[derive(Args)]
pub(super) struct Init {
    #[command(flatten)]
    place: Place,

    /// Fill it with the starter site, an invented mill with pages, a blog and pictures
    #[arg(long)]
    starter: bool,
}

impl Init {
    pub(super) fn run(self) -> Result<(), Failure> {
        let folder = &self.place.data;
        if holds_site(folder) {
            self.place.open()?;
            if self.starter {
                return Err(Failure::said(format!(
                    "there is a site in {} already: the starter site needs a folder of its own",
                    folder.display()
                )));
            }
            note(format_args!("there is a site in {} already", folder.display()));
            return Ok(());
        }
        let site = make(folder)?;
        if self.starter {
            site.import_site(Checked::of(Files::Embedded(starter::open))?, false, &media_of(folder), signature())?;
        }
        note(format_args!("made a site in {}", folder.display()));
        Ok(())
    }
}
