//! `larder verify`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::bar::Bar;
use super::failure::Failure;
use super::terminal::{self, note};
use crate::replica::group::current_place;
use crate::replica::place::{Address, Place};
use crate::replica::{self, read_status, verify};

/// Look whether a replica can be restored
///
/// Exit code 3 means that it is not sound, and the sentence says which file. A server looks by itself, once a day, and
/// compares with its database as well; `larder status` tells how that went.
#[derive(Args)]
pub(super) struct Verify {
    /// The place: `file:///mnt/backup/site` or `s3://bucket/site`; the one that the site is copied to unless told otherwise
    replica: Option<Address>,

    /// The site's folder, to find the place it is copied to
    #[arg(long, env = "LARDER_DATA", value_name = "DIR", required_unless_present = "replica")]
    data: Option<PathBuf>,

    /// How closely
    #[arg(long, value_enum, default_value_t = Depth::Restore)]
    depth: Depth,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How closely a replica is looked at; each includes those before it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Depth {
    /// No part is missing
    List,
    /// Every file is whole and unchanged
    Files,
    /// It is restored into a temporary folder, and the copy is sound
    Restore,
}

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let place = Place::open(&self.address()?).map_err(replica::Error::from)?;
        let place = current_place(&place)?;
        let depth = match self.depth {
            Depth::List => replica::Depth::List,
            Depth::Files => replica::Depth::Files,
            Depth::Restore => replica::Depth::Restore,
        };
        let scratch = tempfile::tempdir()?;
        let found = verify(&place, depth, scratch.path(), &Bar::saying("Verifying"))?;
        if self.json {
            return terminal::json(&json!({
                "sound": true,
                "transaction": found.transaction,
                "files": found.files,
                "bytes": found.bytes,
            }));
        }
        note(format_args!(
            "sound: {} files, {} bytes, up to transaction {:016x}",
            found.files, found.bytes, found.transaction
        ));
        Ok(())
    }

    fn address(&self) -> Result<Address, Failure> {
        if let Some(address) = &self.replica {
            return Ok(address.clone());
        }
        let known = self.data.as_deref().and_then(read_status).and_then(|status| status.place.parse().ok());
        known.ok_or_else(|| Failure::said("this site was never copied to a place: name the place to verify"))
    }
}
