//! The media library: taking files in, describing, replacing and removing them, and the folders they lie in.
//!
//! What a person needs: `Right::WriteOwn` to take in and to describe, `Right::Write` to replace, restore a version and
//! keep folders, `Right::Delete` to delete and bring back. The doors look; a program with a write token may do it all.

mod bring_in;
mod delete;
mod edit;
mod facts;
mod files;
mod folders;
mod list;
mod look;
mod name;
mod places;
mod prepare;
mod purge;
mod replace;
mod sign;
mod take_in;

pub use bring_in::BroughtIn;
pub(super) use bring_in::{want_of_post, want_sent};
pub use edit::MediaEdit;
pub use facts::MediaFacts;
pub(super) use files::{clean_copy, keep_copy, unfinished};
pub use folders::NewFolder;
pub use places::MediaPlace;
pub use take_in::{Incoming, Taken, upload_named};

#[cfg(test)]
mod tests;
