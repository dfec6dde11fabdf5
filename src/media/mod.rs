//! Pictures and files as files: what they are, what they hold, and what becomes of them before they are served.

pub mod facts;
pub mod hash;
pub mod kind;
