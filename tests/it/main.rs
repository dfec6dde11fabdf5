//! Everything that is tested through a door: the command line, the API, archives, the shape of the sources.

mod archive;
mod cli_commands;
mod cli_errors;
mod command;
mod schedule;
mod schema;
mod slugs;
mod tidy;
