//! What editors are told of a draft before they publish it: what keeps it from going live, and what readers
//! would trip over.

mod findings;
mod links;
mod pictures;
mod texts;

use serde::Serialize;

use super::Error;
use super::checking::NO_TITLE;
use super::publish::check_problems;
use crate::content::entry::{Entry, Revision};
use crate::content::field::{Problem, place_of};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::settings::Settings;
use crate::store::Read;

use findings::Findings;

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Whether all is well here.
    pub ok: bool,
    /// How bad it is.
    pub severity: Severity,
    /// A sentence.
    pub text: String,
    /// The field it is about, as people call it.
    pub label: Option<String>,
    /// The field's address in the editor.
    pub path: Option<String>,
}

/// What a line of the checklist means for publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The dashboard does not publish.
    Blocks,
    /// It should be looked at.
    Warns,
    /// All is well.
    Ok,
}

/// Everything there is to say about a revision, what blocks first.
///
/// # Errors
/// The database's.
pub fn checklist(read: &Read<'_>, entry: &Entry, revision: &Revision) -> Result<Vec<Line>, Error> {
    let model = read.model().clone();
    let schema = model.schema(entry.schema).ok_or(Error::NotFound("content type"))?;
    let settings = Settings::read(&read.settings()?);
    let mut findings = Findings::default();
    rules(read, &model, schema, entry, revision, &mut findings)?;
    let checked = Checked { read, model: &model, schema, entry, revision, settings: &settings };
    checked.pictures(&mut findings)?;
    checked.texts(&mut findings);
    checked.links(&mut findings)?;
    Ok(findings.into_lines())
}

/// What keeps a revision from going live in the dashboard.
///
/// # Errors
/// The database's.
pub(super) fn blocking(read: &Read<'_>, entry: &Entry, revision: &Revision) -> Result<Vec<Problem>, Error> {
    let lines = checklist(read, entry, revision)?;
    let blocks = lines.into_iter().filter(|line| line.severity == Severity::Blocks);
    Ok(blocks.map(|line| Problem { path: line.path.unwrap_or_default(), text: line.text }).collect())
}

/// A revision being looked at.
struct Checked<'a> {
    read: &'a Read<'a>,
    model: &'a Model,
    schema: &'a Schema,
    entry: &'a Entry,
    revision: &'a Revision,
    settings: &'a Settings,
}

/// The rules of the fields, which hold for every door.
fn rules(
    read: &Read<'_>,
    model: &Model,
    schema: &Schema,
    entry: &Entry,
    revision: &Revision,
    findings: &mut Findings,
) -> Result<(), Error> {
    let problems = check_problems(read, schema, entry, revision)?;
    if problems.is_empty() {
        findings.ok("Everything that is required is there, and no rule is broken.");
    }
    for problem in problems {
        let of_title = problem.text == NO_TITLE || (schema.kind == Kind::Post && problem.path == "title");
        let (path, labels) = if of_title {
            ("@title".into(), vec!["Title".into()])
        } else {
            place_of(&problem.path, &schema.fields, &revision.fields, model)
        };
        findings.add(Severity::Blocks, &path, &labels, problem.text);
    }
    Ok(())
}
