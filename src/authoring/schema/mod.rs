//! Changing the content model: from a schema file to a plan, and from the plan to content that fits.

mod apply;
mod aside;
mod board;
mod census;
mod compare;
mod convert;
mod matching;
mod pairs;
mod plan;
mod progress;
mod purge;
mod shape;
mod telling;

pub(super) use apply::apply;
pub use board::{Drawn, drawn};
pub use census::Example;
pub use plan::{Action, Plan, Step};
pub use progress::Progress;
