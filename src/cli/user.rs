//! `larder user`

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::account::Role;
use crate::authoring::NewUser;

/// People with accounts
#[derive(Subcommand)]
pub(super) enum User {
    Add(Add),
    List(List),
    Change(Change),
    Remove(Remove),
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

impl User {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(),
            Self::List(list) => list.run(),
            Self::Change(change) => change.run(),
            Self::Remove(remove) => Ok(remove.place.open()?.remove_user(&remove.email, signature()).map(drop)?),
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

impl List {
    fn run(self) -> Result<(), Failure> {
        let people = self.place.open()?.store().read(|read| read.users())?;
        if self.json {
            let shown: Vec<_> = people
                .iter()
                .map(|user| {
                    json!({"id": user.id, "email": user.email, "name": user.name, "role": user.role,
                        "created": user.created})
                })
                .collect();
            return terminal::json(&shown);
        }
        let row = |user: crate::account::User| [user.role.as_str().to_owned(), user.email, user.name];
        let rows: Vec<_> = people.into_iter().map(row).collect();
        terminal::table(["role", "email", "name"], &rows)
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "expected owner, developer, editor, writer or viewer".into())
}
