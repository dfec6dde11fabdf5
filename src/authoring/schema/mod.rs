//! Changing the content model: from a schema file to a plan, and from the plan to content that fits.

mod apply;
mod census;
mod compare;
mod convert;
mod matching;
mod pairs;
mod plan;
mod purge;
mod shape;

pub(super) use apply::apply;
pub use plan::{Action, Plan, Step};
