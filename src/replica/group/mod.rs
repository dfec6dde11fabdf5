//! Those that share a replica: one primary, which takes changes and copies them there, and standbys that follow it.
//!
//! A replica is in an **epoch**. Each promotion begins the next one, at a path of its own: whatever a primary that was
//! taken for dead still writes, it writes into the past. Who is primary stands in the **lease**, an object that is
//! replaced only by who has seen it last.
//!
//! What must not happen: two that acknowledge changes at the same time; a change that is merged from two histories; a
//! history that is thrown away without having been put aside.

mod duty;
mod epoch;
mod error;
mod follow;
mod lead;
mod lease;
mod lost;
mod member;
mod own;
mod promote;
mod request;

pub use duty::{Duty, Report, Station, read as read_report};
pub use epoch::{Current, current_place};
pub(super) use epoch::{at, current};
pub use error::Error;
pub use member::{Member, Terms, prepare};
pub use own::{copies_to, follows, follows_at};
pub use request::{Answer, ask_for_promotion};
