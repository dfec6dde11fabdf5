//! The site a command works on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use crate::authoring::{Authoring, Signature, init_site};
use crate::replica::group;
use crate::store::{Store, Upkeep};

/// Who commands are signed by in the history.
const COMMAND_LINE: &str = "command line";

/// Which site.
#[derive(Args, Clone, Debug)]
pub(super) struct Place {
    /// The site's folder
    #[arg(long, env = "LARDER_DATA", value_name = "DIR")]
    pub(super) data: PathBuf,
}

impl Place {
    /// Opens the site, which must be there. That of a standby can only be read.
    pub(super) fn open(&self) -> Result<Authoring, Failure> {
        if !group::follows(&self.data).map_err(|error| Failure::said(error.to_string()))? {
            return Ok(authoring(Store::open(&self.data)?));
        }
        let store = Store::open_as(&self.data, Upkeep::Follows)?;
        store.mandate().follow(group::read_report(&self.data).and_then(|report| report.primary));
        Ok(authoring(store))
    }

    /// The folder of the site's files.
    pub(super) fn media(&self) -> PathBuf {
        media_of(&self.data)
    }
}

/// Makes a site in a folder, or opens the one that is there.
pub(super) fn make(folder: &Path) -> Result<Authoring, Failure> {
    let store = Store::create(folder)?;
    init_site(&store, &signature())?;
    Ok(authoring(store))
}

/// Whether a folder holds a site.
pub(super) fn holds_site(folder: &Path) -> bool {
    folder.join(crate::store::FILE).exists()
}

/// The folder of the files of the site in `folder`.
pub(super) fn media_of(folder: &Path) -> PathBuf {
    folder.join("media")
}

/// The signature of a change made now by a command.
pub(super) fn signature() -> Signature {
    Signature::now(COMMAND_LINE)
}

fn authoring(store: Store) -> Authoring {
    Authoring::new(Arc::new(store), "")
}
