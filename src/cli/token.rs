//! `larder token`

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::account::Access;
use crate::auth;
use crate::authoring::now;

/// API tokens: the keys of programs that read and write
#[derive(Subcommand)]
pub(super) enum Token {
    Add(Add),
    List(List),
    Remove(Remove),
}

/// Add a token and print it; a write token is shown only now
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    place: Place,

    /// What it may do
    #[arg(long)]
    kind: Kind,

    /// What it is for; changes made with it carry this name
    #[arg(long, default_value = "")]
    name: String,

    /// Show no drafts to it: for tokens that browsers can see
    #[arg(long)]
    no_preview: bool,
}

/// List the tokens; read tokens are shown, because sites publish them
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Remove a token: requests with it are refused from then on
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    place: Place,

    /// Its number in `larder token list`
    id: i64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Read published content, and drafts with preview=1
    Read,
    /// Read and write; keep it secret
    Write,
}

impl Token {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(),
            Self::List(list) => list.run(),
            Self::Remove(remove) => Ok(remove.place.open()?.remove_token(remove.id, signature())?),
        }
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let access = match self.kind {
            Kind::Read => Access::Read,
            Kind::Write => Access::Write,
        };
        let site = self.place.open()?;
        let (token, stored) = auth::new_token(&self.name, access, !self.no_preview, now())?;
        site.add_token(stored, signature())?;
        terminal::result(token)
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let tokens = self.place.open()?.store().read(|read| read.tokens())?;
        if self.json {
            // Not the hashes: nobody can use them, and nobody should have to wonder.
            let shown: Vec<_> = tokens
                .iter()
                .map(|token| {
                    json!({"id": token.id, "name": token.name, "kind": token.access, "preview": token.preview,
                        "created": token.created, "token": token.secret})
                })
                .collect();
            return terminal::json(&shown);
        }
        let row = |token: crate::account::ApiToken| {
            let preview = if token.preview { "yes" } else { "no" };
            let secret = token.secret.unwrap_or_else(|| "(secret)".into());
            [token.id.to_string(), token.access.as_str().into(), preview.into(), token.name, secret]
        };
        let rows: Vec<_> = tokens.into_iter().map(row).collect();
        terminal::table(["id", "kind", "preview", "name", "token"], &rows)
    }
}
