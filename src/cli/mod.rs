//! The command line: one subcommand per file. Results go to standard output, everything said about them
//! to standard error; 0 means done, 1 not done, 2 not understood. Commands about copies know two more: 3, what was
//! looked at is not sound, and 4, somebody must decide something first.

mod author;
mod backup;
mod bar;
mod cdn;
mod demo;
mod entry;
mod export;
mod failure;
mod foresight;
mod generated;
mod import;
mod init;
mod media;
mod place;
mod promote;
mod publish;
mod redirect;
mod replicate;
mod restore;
mod schema;
mod serve;
mod setting;
mod source;
mod standby;
mod status;
mod target;
mod terminal;
mod token;
mod unpublish;
mod upgrade;
mod user;
mod verify;
mod visibility;
mod webhook;

use std::process::ExitCode;

use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::Config;
use failure::Failure;

pub use generated::{generated_model, generated_pages};

/// A headless CMS in one executable: serves websites and apps the content that editors write
///
/// Every option can also be given as an environment variable, named after it with LARDER_ in
/// front. All commands work beside a running server, which shows what they change a moment later.
#[derive(Parser)]
#[command(name = "larder", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    /// Serve a site: the API below /v2, its media below /media
    Serve(Config),
    Demo(demo::Demo),
    Upgrade(upgrade::Upgrade),
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
    Media(media::Media),
    #[command(subcommand)]
    Author(author::Author),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Setting(setting::Setting),
    #[command(subcommand)]
    Redirect(redirect::Redirect),
    #[command(subcommand)]
    Cdn(cdn::Cdn),
    #[command(subcommand)]
    Webhook(webhook::Webhook),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Verify(verify::Verify),
    Replicate(replicate::Replicate),
    Status(status::Status),
    Standby(standby::Standby),
    Promote(promote::Promote),
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let matches = with_environment(Arguments::command()).get_matches();
    let Arguments { command } = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let outcome = match command {
        Command::Init(init) => init.run(),
        Command::Serve(config) => serve::start(&config),
        Command::Upgrade(upgrade) => upgrade.run(),
        Command::Demo(demo) => demo.run(),
        Command::Token(token) => token.run(),
        Command::Schema(schema) => schema.run(),
        Command::Export(export) => export.run(),
        Command::Import(import) => import.run(),
        Command::Publish(publish) => publish.run(),
        Command::Unpublish(unpublish) => unpublish.run(),
        Command::Entry(entry) => entry.run(),
        Command::Media(media) => media.run(),
        Command::Author(author) => author.run(),
        Command::User(user) => user.run(),
        Command::Setting(setting) => setting.run(),
        Command::Redirect(redirect) => redirect.run(),
        Command::Cdn(cdn) => cdn.run(),
        Command::Webhook(webhook) => webhook.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Verify(verify) => verify.run(),
        Command::Replicate(replicate) => replicate.run(),
        Command::Status(status) => status.run(),
        Command::Standby(standby) => standby.run(),
        Command::Promote(promote) => promote.run(),
    };
    match outcome {
        // Whoever read our output has seen enough.
        Ok(()) | Err(Failure::NobodyListens) => ExitCode::SUCCESS,
        Err(Failure::Said(sentence)) => {
            terminal::note(format_args!("larder: {sentence}"));
            ExitCode::FAILURE
        }
        Err(Failure::Coded(code, sentence)) => {
            terminal::note(format_args!("larder: {sentence}"));
            code.into()
        }
    }
}

/// Gives every option of every command its environment variable: `--dry-run` is `LARDER_DRY_RUN`.
fn with_environment(command: clap::Command) -> clap::Command {
    command.mut_args(from_environment).mut_subcommands(with_environment)
}

fn from_environment(option: Arg) -> Arg {
    let action = option.get_action();
    let is_flag_of_clap =
        matches!(action, ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version);
    if is_flag_of_clap || option.is_positional() || option.get_env().is_some() {
        return option;
    }
    let is_switch = matches!(action, ArgAction::SetTrue);
    let name = format!("LARDER_{}", option.get_id().as_str().to_uppercase());
    let option = option.env(name).hide_env(true);
    // `1` and `true` alike switch on.
    if is_switch { option.value_parser(FalseyValueParser::new()) } else { option }
}
