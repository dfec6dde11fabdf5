//! Redirects: set, taken away, read from a file, and following what moves.

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::Deed;
use crate::content::field::Problem;
use crate::content::redirect::{Line, Put, Rule, Table, Wrong};
use crate::store::{Read, Write};

/// What bringing a file of redirects does, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Every line with what becomes of it: why it is left out, when it is.
    pub lines: Vec<(Line, Result<Put, String>)>,
}

impl Brought {
    /// What is put, lines that change nothing left out.
    pub fn changes(&self) -> impl Iterator<Item = &Put> {
        self.lines.iter().filter_map(|(_, put)| put.as_ref().ok()).filter(|put| !put.is_nothing())
    }

    /// How many lines add a redirect, change one, change nothing, and are left out.
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for (_, put) in &self.lines {
            let place = match put {
                Ok(put) if put.is_nothing() => 2,
                Ok(put) => usize::from(put.replaced.is_some()),
                Err(_) => 3,
            };
            counts[place] += 1;
        }
        counts
    }
}

impl Authoring {
    /// Sets a redirect. With `before`, the one for that path becomes it.
    ///
    /// # Errors
    /// `Invalid` when it would lead in a circle, or another has its path; `NotFound` when none is for `before`.
    pub fn put_redirect(&self, before: Option<&str>, rule: Rule, signature: Signature) -> Result<Put, Error> {
        let before = before.filter(|before| *before != rule.from).map(str::to_owned);
        self.write(&signature.clone(), move |write| {
            let mut table = table(write)?;
            if let Some(before) = &before {
                if table.find(&rule.from).is_some() {
                    return Err(Error::invalid("from", format!("Another redirect is for {} already.", rule.from)));
                }
                table.remove(before).ok_or(Error::NotFound("redirect"))?;
            }
            let put = table.put(rule).map_err(refused)?;
            if let Some(before) = &before {
                write.rename_redirect(before, &put.rule.from)?;
            }
            save(write, &self::table(write)?, &table, &signature)?;
            Ok(put)
        })
    }

    /// Takes the redirect for a path away.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn remove_redirect(&self, from: &str, signature: Signature) -> Result<Rule, Error> {
        let from = from.to_owned();
        self.write(&signature, move |write| {
            let rule = table(write)?.remove(&from).ok_or(Error::NotFound("redirect"))?;
            write.remove_redirect(&from)?;
            write.record(Deed::RedirectsChanged, &from, &json!({"to": null}))?;
            Ok(rule)
        })
    }

    /// Puts all redirects of a file that can be kept.
    ///
    /// # Errors
    /// The database's.
    pub fn bring_redirects(&self, lines: Vec<Line>, signature: Signature) -> Result<Brought, Error> {
        self.write(&signature.clone(), move |write| {
            let old = table(write)?;
            let mut table = old.clone();
            let brought = bring(&mut table, lines);
            save(write, &old, &table, &signature)?;
            Ok(brought)
        })
    }
}

/// What [`Authoring::bring_redirects`] would do.
///
/// # Errors
/// The database's.
pub fn plan_redirects(read: &Read<'_>, lines: Vec<Line>) -> Result<Brought, Error> {
    Ok(bring(&mut table(read)?, lines))
}

fn bring(table: &mut Table, lines: Vec<Line>) -> Brought {
    let put = |line: Line| {
        let put = line.rule.clone().and_then(|rule| table.put(rule).map_err(|wrong| wrong.text));
        (line, put)
    };
    Brought { lines: lines.into_iter().map(put).collect() }
}

fn table(read: &Read<'_>) -> Result<Table, Error> {
    Ok(Table::of(read.redirects()?.into_iter().map(|redirect| redirect.rule)))
}

/// What became of the redirect for a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    path: String,
    before: Option<Rule>,
    after: Option<Rule>,
}

/// Sends visitors of the old address of something to `to`, which needs no redirect any more.
///
/// # Errors
/// `Invalid` when that would lead in a circle; nothing is changed then.
pub(super) fn send(write: &mut Write<'_>, from: &str, to: &str, signature: &Signature) -> Result<Vec<Step>, Error> {
    let before = table(write)?;
    let mut after = before.clone();
    after.moved(from, to).map_err(refused)?;
    save(write, &before, &after, signature)
}

/// Takes the redirect for a path away, if there is one: something is there again.
pub(super) fn drop_redirect(write: &mut Write<'_>, path: &str) -> Result<Option<Step>, Error> {
    let Some(rule) = write.redirect_for(path)? else { return Ok(None) };
    write.remove_redirect(path)?;
    Ok(Some(Step { path: path.to_owned(), before: Some(rule), after: None }))
}

/// Takes steps back, the last one first; those whose redirect was changed since stay.
pub(super) fn take_back(write: &mut Write<'_>, steps: &[Step], signature: &Signature) -> Result<(), Error> {
    for Step { path, before, after } in steps.iter().rev() {
        if write.redirect_for(path)? != *after {
            continue;
        }
        match before {
            Some(rule) => write.put_redirect(rule, &signature.by, signature.at)?,
            None => write.remove_redirect(path)?,
        }
    }
    Ok(())
}

/// Writes what is different in a table, and tells what that is.
fn save(write: &mut Write<'_>, before: &Table, after: &Table, signature: &Signature) -> Result<Vec<Step>, Error> {
    let step = |path: &str| Step {
        path: path.to_owned(),
        before: before.find(path).cloned(),
        after: after.find(path).cloned(),
    };
    let mut steps = Vec::new();
    for gone in before.rules().filter(|rule| after.find(&rule.from).is_none()) {
        write.remove_redirect(&gone.from)?;
        steps.push(step(&gone.from));
    }
    for rule in after.rules().filter(|rule| before.find(&rule.from) != Some(rule)) {
        write.put_redirect(rule, &signature.by, signature.at)?;
        steps.push(step(&rule.from));
    }
    let about = match steps.as_slice() {
        [] => return Ok(steps),
        [one] => one.path.clone(),
        [first, others @ ..] => format!("{} and {} more", first.path, others.len()),
    };
    write.record(Deed::RedirectsChanged, &about, &json!({"redirects": steps.len()}))?;
    Ok(steps)
}

fn refused(wrong: Wrong) -> Error {
    Error::Invalid(vec![problem(wrong)])
}

/// What is wrong with a redirect, as with any field.
pub fn problem(wrong: Wrong) -> Problem {
    Problem { path: wrong.part.into(), text: wrong.text }
}
