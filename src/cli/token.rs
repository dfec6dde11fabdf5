//! `larder token`

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use super::visibility::{When, time};
use crate::account::{Access, ApiToken};
use crate::authoring::{NewToken, TokenChange, now};
use crate::content::moment::Moment;

/// An hour, in microseconds.
const HOUR: i64 = 60 * 60 * 1_000_000;

/// API tokens: the keys of programs that read and write
#[derive(Subcommand)]
pub(super) enum Token {
    Add(Add),
    List(List),
    Change(Change),
    Rotate(Rotate),
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

    /// Until when it works, such as 2027-01-31T08:00:00Z (UTC when no zone is given)
    #[arg(long, value_name = "TIME", value_parser = time)]
    ends: Option<When>,
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

/// Change what a token is called or until when it works
#[derive(Args)]
pub(super) struct Change {
    #[command(flatten)]
    place: Place,

    /// Its number in `larder token list`
    id: i64,

    /// What it is for
    #[arg(long)]
    name: Option<String>,

    /// Until when it works; `never` lets it work until it is removed
    #[arg(long, value_name = "TIME", value_parser = time)]
    ends: Option<When>,
}

/// Give a token another secret and print it; the one before goes on working for a while
#[derive(Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    place: Place,

    /// Its number in `larder token list`
    id: i64,

    /// For how many hours the secret before goes on working; 0 ends it now
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(..=8760))]
    keep_hours: u32,
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
            Self::Change(change) => change.run(),
            Self::Rotate(rotate) => rotate.run(),
            Self::Remove(remove) => Ok(remove.place.open()?.remove_token(remove.id, signature()).map(drop)?),
        }
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let access = match self.kind {
            Kind::Read => Access::Read,
            Kind::Write => Access::Write,
        };
        let ends = self.ends.and_then(|When(ends)| ends);
        let wanted = NewToken { name: self.name, access, preview: !self.no_preview, ends };
        let (token, _) = self.place.open()?.make_token(wanted, signature())?;
        terminal::result(token)
    }
}

impl Change {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let tokens = site.store().read(|read| read.tokens())?;
        let token = tokens.into_iter().find(|token| token.id == self.id);
        let token = token.ok_or_else(|| Failure::said("there is no such token"))?;
        let change = TokenChange {
            name: self.name.unwrap_or(token.name),
            preview: token.preview,
            ends: self.ends.map_or(token.ends, |When(ends)| ends),
        };
        Ok(site.change_token(self.id, change, signature()).map(drop)?)
    }
}

impl Rotate {
    fn run(self) -> Result<(), Failure> {
        let deadline = Moment::from_micros(now().micros() + i64::from(self.keep_hours) * HOUR);
        let secret = self.place.open()?.rotate_token(self.id, Some(deadline), signature())?;
        if self.keep_hours > 0 {
            terminal::note(format_args!("the secret before works until {deadline}"));
        }
        terminal::result(secret)
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let tokens = self.place.open()?.store().read(|read| read.tokens())?;
        if self.json {
            // Not the hashes: nobody can use them, and nobody should have to wonder.
            let shown: Vec<_> = tokens.iter().map(shown).collect();
            return terminal::json(&shown);
        }
        let row = |token: ApiToken| {
            let preview = if token.preview { "yes" } else { "no" };
            let said = |moment: Option<Moment>| moment.map_or("never".into(), |moment| moment.to_string());
            let (ends, used) = (said(token.ends), said(token.used.map(|used| used.at)));
            let secret = token.secret.unwrap_or_else(|| "(secret)".into());
            [token.id.to_string(), token.access.as_str().into(), preview.into(), ends, used, token.name, secret]
        };
        let rows: Vec<_> = tokens.into_iter().map(row).collect();
        terminal::table(["id", "kind", "preview", "ends", "used", "name", "token"], &rows)
    }
}

fn shown(token: &ApiToken) -> serde_json::Value {
    let used = token.used.as_ref();
    json!({
        "id": token.id,
        "name": token.name,
        "kind": token.access,
        "preview": token.preview,
        "created": token.created,
        "ends": token.ends,
        "former_secret_ends": token.former.as_ref().map(|former| former.ends),
        "used": used.map(|used| used.at),
        "used_from": used.map(|used| used.from.as_str()),
        "token": token.secret,
    })
}
