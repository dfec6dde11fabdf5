//! `larder user`

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::account::Role;
use crate::authoring::NewUser;
use crate::config::public_url;
use crate::dashboard::address;

/// People with accounts
#[derive(Subcommand)]
pub(super) enum User {
    Add(Add),
    List(List),
    Change(Change),
    Remove(Remove),
    Invite(Invite),
    Reset(Reset),
    ResetSecondFactor(ResetSecondFactor),
}

/// Add a person; asks for the password
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    place: Place,

    /// What they sign in with
    #[arg(long)]
    email: String,

    /// What colleagues read; the address when left out
    #[arg(long)]
    name: Option<String>,

    /// owner, developer, editor, writer or viewer
    #[arg(long, default_value = "editor", value_parser = role)]
    role: Role,

    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

/// List the people
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Change a person's role, name or password
#[derive(Args)]
pub(super) struct Change {
    #[command(flatten)]
    place: Place,

    /// What they sign in with
    #[arg(long)]
    email: String,

    /// owner, developer, editor, writer or viewer
    #[arg(long, value_parser = role)]
    role: Option<Role>,

    /// What colleagues read
    #[arg(long)]
    name: Option<String>,

    /// Ask for a new password
    #[arg(long)]
    password: bool,

    /// Read a new password from the first line of standard input
    #[arg(long, conflicts_with = "password")]
    password_stdin: bool,
}

/// Remove a person; what they wrote stays
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    place: Place,

    /// What they sign in with
    #[arg(long)]
    email: String,
}

/// Print a link with which somebody makes an account of their own; it works once, for 7 days
#[derive(Args)]
pub(super) struct Invite {
    #[command(flatten)]
    place: Place,

    /// What they will sign in with
    #[arg(long)]
    email: String,

    /// owner, developer, editor, writer or viewer
    #[arg(long, default_value = "editor", value_parser = role)]
    role: Role,

    #[command(flatten)]
    server: Server,
}

/// Print a link with which somebody chooses a new password; it works once, for a day
#[derive(Args)]
pub(super) struct Reset {
    #[command(flatten)]
    place: Place,

    /// What they sign in with
    #[arg(long)]
    email: String,

    #[command(flatten)]
    server: Server,
}

/// Let a person who has lost their codes sign in with the password alone
#[derive(Args)]
pub(super) struct ResetSecondFactor {
    #[command(flatten)]
    place: Place,

    /// What they sign in with
    #[arg(long)]
    email: String,
}

/// Where the link leads.
#[derive(Args)]
struct Server {
    /// Where the dashboard is reached, as `larder serve` was told: `https://cms.example.com`
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8787", value_parser = public_url)]
    public_url: String,
}

impl User {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(),
            Self::List(list) => list.run(),
            Self::Change(change) => change.run(),
            Self::Remove(remove) => Ok(remove.place.open()?.remove_user(&remove.email, signature()).map(drop)?),
            Self::Invite(invite) => invite.run(),
            Self::Reset(reset) => reset.run(),
            Self::ResetSecondFactor(reset) => {
                Ok(reset.place.open()?.reset_second_factor(&reset.email, signature()).map(drop)?)
            }
        }
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let password = terminal::password(self.password_stdin)?;
        let name = self.name.unwrap_or_else(|| self.email.clone());
        let new = NewUser { email: self.email, name, role: self.role, password };
        let id = site.add_user(new, signature())?;
        terminal::note(format_args!("added person {id}"));
        Ok(())
    }
}

impl Change {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let wanted = self.password || self.password_stdin;
        let password = wanted.then(|| terminal::password(self.password_stdin)).transpose()?;
        Ok(site.change_user(&self.email, self.role, password.as_deref(), self.name, signature())?)
    }
}

impl Invite {
    fn run(self) -> Result<(), Failure> {
        let secret = self.place.open()?.invite(&self.email, self.role, signature())?;
        terminal::result(format_args!("{}{}", self.server.public_url, address::invite(&secret)))
    }
}

impl Reset {
    fn run(self) -> Result<(), Failure> {
        let secret = self.place.open()?.offer_reset(&self.email, signature())?;
        terminal::result(format_args!("{}{}", self.server.public_url, address::reset(&secret)))
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let people = self.place.open()?.store().read(|read| read.users())?;
        if self.json {
            let shown: Vec<_> = people
                .iter()
                .map(|user| {
                    json!({"id": user.id, "email": user.email, "name": user.name, "role": user.role,
                        "created": user.created, "seen": user.seen, "second_factor": user.second.is_some()})
                })
                .collect();
            return terminal::json(&shown);
        }
        let row = |user: crate::account::User| {
            let second = if user.second.is_some() { "codes" } else { "none" };
            [user.role.as_str().to_owned(), second.into(), user.email, user.name]
        };
        let rows: Vec<_> = people.into_iter().map(row).collect();
        terminal::table(["role", "second factor", "email", "name"], &rows)
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "expected owner, developer, editor, writer or viewer".into())
}
