//! `larder redirect`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::authoring::{Brought, Error, plan_redirects, problem};
use crate::content::redirect::{self, Host, Put, Rule};

/// Redirects: where visitors of an address that is no more are sent
#[derive(Subcommand)]
pub(super) enum Redirect {
    List(List),
    Add(Add),
    Remove(Remove),
    Import(Import),
    Export(Export),
}

/// List the redirects
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Only those with this in their old or new address
    #[arg(default_value = "")]
    with: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Add a redirect, or change the one for the same address
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    place: Place,
    /// What visitors ask for: /old-page
    from: String,
    /// Where they are sent: a path such as /new-page, or a whole address; left out with 410
    #[arg(default_value = "")]
    to: String,
    /// What hosts answer with: 301, 302, 307, 308 or 410
    #[arg(long, default_value = "301")]
    status: String,
}

/// Remove the redirect for an address
#[derive(Args)]
pub(super) struct Remove {
    #[command(flatten)]
    place: Place,
    /// What visitors ask for
    from: String,
}

/// Bring redirects from a table (from, to, status) or a file `_redirects`
#[derive(Args)]
pub(super) struct Import {
    #[command(flatten)]
    place: Place,
    /// The file; - reads standard input
    file: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Print all redirects, for a spreadsheet or a host
#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    place: Place,
    /// For whom
    #[arg(long, default_value = "csv")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table with commas
    Csv,
    /// The file _redirects of Netlify and Cloudflare Pages
    Netlify,
    /// Maps for nginx
    Nginx,
    /// A JSON array
    Json,
}

impl Redirect {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(),
            Self::Add(add) => add.run(),
            Self::Remove(remove) => {
                let from = redirect::source(&remove.from).map_err(Failure::Said)?;
                let removed = remove.place.open()?.remove_redirect(&from, signature());
                removed.map(drop).map_err(|error| match error {
                    Error::NotFound(_) => Failure::said(format!(
                        "there is no redirect for `{}`; `larder redirect list` shows those there are",
                        remove.from
                    )),
                    error => error.into(),
                })
            }
            Self::Import(import) => import.run(),
            Self::Export(export) => export.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let found = site.store().read(|read| read.some_redirects(&self.with, 0, i64::MAX.unsigned_abs()))?;
        if self.json {
            return terminal::json(&found.iter().map(|redirect| &redirect.rule).collect::<Vec<_>>());
        }
        let row = |redirect: &redirect::Redirect| {
            let Rule { from, status, .. } = &redirect.rule;
            [from.clone(), redirect.rule.destination().to_owned(), status.number().to_string(), redirect.by.clone()]
        };
        terminal::table(["from", "to", "status", "by"], &found.iter().map(row).collect::<Vec<_>>())
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let rule = Rule::parse(&self.from, &self.to, &self.status)
            .map_err(|wrong| Error::Invalid(wrong.into_iter().map(problem).collect()))?;
        let put = self.place.open()?.put_redirect(None, rule, signature())?;
        terminal::result(said(&put))
    }
}

impl Import {
    fn run(self) -> Result<(), Failure> {
        let text = if self.file.as_os_str() == "-" {
            terminal::input()?
        } else {
            std::fs::read_to_string(&self.file)
                .map_err(|error| Failure::said(format!("cannot read {}: {error}", self.file.display())))?
        };
        let lines = redirect::read(&text);
        let site = self.place.open()?;
        let brought = if self.dry_run {
            site.store().read(|read| plan_redirects(read, lines))?
        } else {
            site.bring_redirects(lines, signature())?
        };
        tell(&brought)
    }
}

fn tell(brought: &Brought) -> Result<(), Failure> {
    for put in brought.changes() {
        terminal::result(said(put))?;
    }
    for (line, put) in &brought.lines {
        if let Err(why) = put {
            terminal::note(format_args!("line {} is left out: {}: {why}", line.number, line.text));
        }
    }
    let [added, changed, same, left_out] = brought.counts();
    terminal::note(format_args!("{added} added, {changed} changed, {same} as they were, {left_out} left out"));
    Ok(())
}

/// What putting a redirect did, in a line.
fn said(put: &Put) -> String {
    let rule = &put.rule;
    let mut said = format!("{} -> {} ({})", rule.from, rule.destination(), rule.status.number());
    if rule.to.is_none() {
        said = format!("{} is gone (410)", rule.from);
    }
    if let Some(wanted) = &put.shortened {
        said.push_str(&format!(", because {wanted} leads there"));
    }
    if !put.led_on.is_empty() {
        said.push_str(&format!("; {} lead there too now", put.led_on.join(", ")));
    }
    said
}

impl Export {
    fn run(self) -> Result<(), Failure> {
        let kept = self.place.open()?.store().read(|read| read.redirects())?;
        let rules = kept.iter().map(|redirect| &redirect.rule);
        let text = match self.format {
            Format::Csv => redirect::csv(rules),
            Format::Netlify => Host::Netlify.text(rules),
            Format::Nginx => Host::Nginx.text(rules),
            Format::Json => Host::Json.text(rules),
        };
        terminal::result(text.trim_end())
    }
}
