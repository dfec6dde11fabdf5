//! Asking the server on a site's folder to take over, from another process: files in the folder, which both can write.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::super::local::FOLDER;
use super::error::Error;
use super::own::{Held, by_chance, put};

/// How often it is looked for an answer.
const LOOK: Duration = Duration::from_millis(100);
/// How long a server may take before it is clear that nobody looks.
const NOBODY: Duration = Duration::from_secs(20);

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// Which question this is.
    pub(super) id: String,
    /// Whether it shall be done against what the group says.
    pub(super) force: bool,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Which question is answered.
    id: String,
    /// The epoch that the server leads in; `None` when it does not lead.
    pub epoch: Option<u32>,
    /// Why it does not.
    pub error: Option<String>,
    /// How long it took, from the question to the first change that would have been taken, in milliseconds.
    pub milliseconds: u64,
}

/// Asks the server that follows on a site's folder to take over, and waits for what comes of it.
///
/// # Errors
/// `NobodyFollows` when there is none.
pub fn ask_for_promotion(folder: &Path, force: bool) -> Result<Answer, Error> {
    let id = by_chance()?;
    let (asked, answered) = paths(folder);
    if !Held::is_taken(folder) {
        return Err(Error::NobodyFollows(folder.into()));
    }
    put(&asked, &Request { id: id.clone(), force })?;
    let began = Instant::now();
    loop {
        thread::sleep(LOOK);
        let answer: Option<Answer> = fs::read(&answered).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some(answer) = answer.filter(|answer| answer.id == id) {
            return Ok(answer);
        }
        if began.elapsed() > NOBODY && !Held::is_taken(folder) {
            remove(&asked)?;
            return Err(Error::NobodyFollows(folder.into()));
        }
    }
}

/// The question that waits for an answer.
pub(super) fn asked(folder: &Path) -> Option<Request> {
    serde_json::from_slice(&fs::read(paths(folder).0).ok()?).ok()
}

/// Answers it.
pub(super) fn answer(
    folder: &Path,
    request: Request,
    outcome: &Result<u32, Error>,
    took: Duration,
) -> Result<(), Error> {
    let (asked, answered) = paths(folder);
    let error = outcome.as_ref().err().map(ToString::to_string);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    put(&answered, &Answer { id: request.id, epoch: outcome.as_ref().ok().copied(), error, milliseconds })?;
    remove(&asked)
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::disk(path, error)),
        _ => Ok(()),
    }
}

fn paths(folder: &Path) -> (PathBuf, PathBuf) {
    let folder = folder.join(FOLDER);
    (folder.join("promote.json"), folder.join("promoted.json"))
}
