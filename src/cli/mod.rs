//! The command line: one subcommand per file. Results go to standard output, everything said about them
//! to standard error; 0 means done, 1 not done, 2 not understood.

mod author;
mod demo;
mod entry;
mod export;
mod failure;
mod foresight;
mod generated;
mod import;
mod init;
mod place;
mod publish;
mod schema;
mod serve;
mod setting;
mod target;
mod terminal;
mod token;
mod unpublish;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use failure::Failure;

pub use generated::{generated_model, generated_pages};

/// A headless CMS in one executable: serves websites and apps the content that editors write
///
/// Every option can also be given as an environment variable, named after it with LARDER_ in
/// front. All commands work beside a running server, which shows what they change at once.
#[derive(Parser)]
#[command(name = "larder", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one, for as long as the process starts")]
enum Command {
    Init(init::Init),
    /// Serve a site: the API below /v2, its media below /media
    Serve(Config),
    Demo(demo::Demo),
    #[command(subcommand)]
    Token(token::Token),
    #[command(subcommand)]
    Schema(schema::Schema),
    Export(export::Export),
    Import(import::Import),
    Publish(publish::Publish),
    Unpublish(unpublish::Unpublish),
    #[command(subcommand)]
    Entry(entry::Entry),
    #[command(subcommand)]
    Author(author::Author),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Setting(setting::Setting),
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let outcome = match command {
        Command::Init(init) => init.run(),
        Command::Serve(config) => serve::run(&config),
        Command::Demo(demo) => demo.run(),
        Command::Token(token) => token.run(),
        Command::Schema(schema) => schema.run(),
        Command::Export(export) => export.run(),
        Command::Import(import) => import.run(),
        Command::Publish(publish) => publish.run(),
        Command::Unpublish(unpublish) => unpublish.run(),
        Command::Entry(entry) => entry.run(),
        Command::Author(author) => author.run(),
        Command::User(user) => user.run(),
        Command::Setting(setting) => setting.run(),
    };
    match outcome {
        // Whoever read our output has seen enough.
        Ok(()) | Err(Failure::NobodyListens) => ExitCode::SUCCESS,
        Err(Failure::Said(sentence)) => {
            terminal::note(format_args!("larder: {sentence}"));
            ExitCode::FAILURE
        }
    }
}
