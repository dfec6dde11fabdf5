//! `--plan`: what a change would do to answers, told and not done.

use std::path::Path;

use clap::Args;

use super::failure::Failure;
use super::terminal::{self, note};
use crate::authoring::{Among, Foresight};
use crate::delivery::{Radius, Touched, remembered_questions};

/// How a plan is shown.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Plan {
    /// Tell which answers this would change, and change nothing
    #[arg(long, conflicts_with = "at")]
    pub(super) plan: bool,

    /// With --plan: show what would differ in each answer
    #[arg(long, requires = "plan")]
    diff: bool,

    /// With --plan: print JSON
    #[arg(long, requires = "plan")]
    json: bool,
}

impl Plan {
    /// What to ask for, of a site in this folder: the answers that its server keeps, if it has written down
    /// which ones.
    pub(super) fn wanted(self, folder: &Path) -> Foresight {
        let among = match remembered_questions(folder) {
            Some(questions) => {
                note(format_args!("looking at the {} answers that the server was asked for lately", questions.len()));
                Among::These(questions)
            }
            None => {
                note("looking at the first page of every list, the feeds and every live entry");
                Among::Canonical
            }
        };
        Foresight { among, differences: self.diff }
    }

    /// Shows what came of it.
    pub(super) fn show(self, radius: &Radius) -> Result<(), Failure> {
        if self.json {
            return terminal::json(radius);
        }
        terminal::result(radius)?;
        radius.answers.iter().try_for_each(show)
    }
}

fn show(touched: &Touched) -> Result<(), Failure> {
    let (before, after) = (touched.before.status, touched.after.status);
    let turned = if before == after { String::new() } else { format!(" ({before} -> {after})") };
    terminal::result(format_args!("  {}{turned}", touched.url))?;
    let differences = touched.differences.iter().flatten();
    differences.into_iter().try_for_each(|one| terminal::result(format_args!("    {one}")))
}
