//! Copies of a site elsewhere, in the format of Litestream 0.5: how they get there and how they come back.
//!
//! [`sync`] copies what is committed: it reads SQLite's log ([`wal`]), seals it in files ([`ltx`]) and brings them
//! to a [`place`]. [`restore`] and [`verify`] read them again.
//!
//! What must not happen: a log that begins anew before all of it was copied ([`crate::store::Hold`]); a file at a
//! place that is overwritten; a copy that is given its name before all of it was checked and flushed.

mod backup;
mod compact;
mod draft;
mod error;
mod files;
pub mod group;
mod local;
pub mod ltx;
mod media;
pub mod place;
mod plan;
mod progress;
mod restore;
mod retain;
mod seal;
mod ship;
mod status;
mod sync;
mod tend;
#[cfg(test)]
mod tests;
mod verify;
mod wal;

pub use backup::{Backup, backup_to_file, backup_to_place, restore_file};
pub use error::Error;
pub use local::FOLDER;
pub use plan::{Copied, Until, all, newest, plan};
pub use progress::{Progress, Silent};
pub use restore::{Restored, restore};
pub use status::{Board, Status, read as read_status};
pub use sync::{Replicator, Settings, copy_once};
pub use verify::{Depth, Verified, verify};
