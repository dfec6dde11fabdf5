//! larder: a headless CMS in one executable.
//!
//! The map, in reading order; a module imports only what stands above it (`tests/it/tidy.rs` holds it
//! to that):
//!
//! - [`content`], [`account`]: what content is and who works on it. Pure types, no I/O.
//! - [`store`]: the only SQL.
//! - [`fetch`]: asking other servers, and never one that only this machine sees.
//! - [`tls`]: how clients know that it is us: certificates, from files or asked for.
//! - [`auth`]: who is calling. [`delivery`]: from a question to ready bytes, kept fresh.
//! - [`media`]: pictures and files as files, and as pixels.
//! - [`metrics`]: how a running site stands, in numbers.
//! - [`replica`]: copies of a site elsewhere, there and back.
//! - [`courier`]: telling others what has changed, after it has.
//! - [`authoring`]: how content changes, one verb per file. [`intake`]: how files come in.
//! - [`api`]: the programs' door. [`dashboard`]: the editors' door.
//! - [`work`]: where what waits is done, off the threads that serve. [`tally`]: counts that many threads add to.
//! - [`site`], [`app`]: one folder's parts; the process that serves them.
//! - [`cli`]: one subcommand per file.
//!
//! What must not happen: SQL outside `store`; a public JSON shape outside `delivery::shape`,
//! `content::field` and `content::webhook`; HTTP below `api`; a rule that only one door knows.

pub mod account;
pub mod api;
pub mod app;
pub mod auth;
pub mod authoring;
pub mod cli;
pub mod config;
pub mod content;
pub mod courier;
pub mod dashboard;
pub mod delivery;
pub mod fetch;
pub mod intake;
pub mod media;
pub mod metrics;
pub mod replica;
pub mod site;
pub mod starter;
pub mod store;
pub mod tally;
pub mod tls;
pub mod work;
