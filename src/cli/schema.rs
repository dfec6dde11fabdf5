//! `larder schema`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal::{self, note};
use crate::authoring::Authoring;
use crate::content::definition::Definition;

/// The content model as one JSON file
#[derive(Subcommand)]
pub(super) enum Schema {
    Export(Export),
    Apply(Apply),
}

/// Print the content model, or write it to a file
#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    place: Place,

    /// Write it here
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Make the content model what a file says, after showing what that changes
#[derive(Args)]
pub(super) struct Apply {
    #[command(flatten)]
    place: Place,

    /// The file; `-` is standard input
    file: PathBuf,

    /// Show what would change and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Agree to what gets lost
    #[arg(long)]
    yes: bool,

    /// Print the plan as JSON
    #[arg(long)]
    json: bool,
}

impl Schema {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Export(export) => export.run(),
            Self::Apply(apply) => apply.run(),
        }
    }
}

impl Export {
    fn run(self) -> Result<(), Failure> {
        let model = self.place.open()?.model()?;
        let definition = Definition::of(&model, false);
        let Some(out) = self.out else { return terminal::json(&definition) };
        let text = serde_json::to_string_pretty(&definition).map_err(std::io::Error::from)?;
        std::fs::write(&out, text + "\n")
            .map_err(|error| Failure::said(format!("cannot write {}: {error}", out.display())))
    }
}

impl Apply {
    fn run(self) -> Result<(), Failure> {
        let definition = Definition::parse(&read(&self.file)?).map_err(Failure::Said)?;
        let site = self.place.open()?;
        let plan = site.plan_schema(&definition)?;
        if self.json {
            terminal::json(&plan)?;
        } else {
            terminal::result(plan.to_string().trim_end())?;
        }
        if self.dry_run || !plan.changes {
            return Ok(());
        }
        let consent = !plan.loses() || self.yes || self.ask()?;
        if !consent {
            return Err(Failure::said(
                "nothing was changed: what is marked with ! gets lost; add --yes to agree to that",
            ));
        }
        apply(&site, definition, plan.model)
    }

    fn ask(&self) -> Result<bool, Failure> {
        // Standard input may be the file itself.
        let can_ask = terminal::is_attended() && self.file != Path::new("-");
        if can_ask { terminal::agrees("What is marked with ! gets lost. Go on?") } else { Ok(false) }
    }
}

fn apply(site: &Authoring, definition: Definition, planned_on: i64) -> Result<(), Failure> {
    site.change_schema(definition, planned_on, true, signature(), Arc::default())?;
    note("the content model is changed");
    Ok(())
}

fn read(file: &Path) -> Result<String, Failure> {
    if file == Path::new("-") {
        return terminal::input();
    }
    std::fs::read_to_string(file).map_err(|error| Failure::said(format!("cannot read {}: {error}", file.display())))
}
