//! The only place that writes to standard output and reads from standard input.

use std::fmt::Display;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::process::{Command, Stdio};

use serde::Serialize;

use super::failure::Failure;

/// Writes a line of the result.
pub(super) fn result(line: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Writes a result as JSON that people can read too.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    result(serde_json::to_string_pretty(value).map_err(io::Error::from)?)
}

/// Writes rows under their titles, in columns.
pub(super) fn table<const N: usize>(titles: [&str; N], rows: &[[String; N]]) -> Result<(), Failure> {
    let mut widths = titles.map(|title| title.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: [&str; N]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    result(line(titles))?;
    rows.iter().try_for_each(|row| result(line(row.each_ref().map(String::as_str))))
}

/// Says something about what is done. That nobody hears it is no failure.
pub(super) fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Asks a question; anything but a clear yes is a no.
pub(super) fn agrees(question: &str) -> Result<bool, Failure> {
    let _ = write!(io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Whether a person types the input.
pub(super) fn is_attended() -> bool {
    io::stdin().is_terminal()
}

/// All of standard input.
pub(super) fn input() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| Failure::said(format!("cannot read standard input: {error}")))?;
    Ok(text)
}

/// A password: typed unseen, or from a program through standard input. Never an argument, because other
/// users of the machine can read those.
pub(super) fn password(from_stdin: bool) -> Result<String, Failure> {
    let mut line = String::new();
    if !from_stdin && !is_attended() {
        return Err(Failure::said("there is no terminal to type a password: send it with --password-stdin"));
    }
    if !from_stdin {
        let _ = write!(io::stderr(), "Password: ");
        echo(false);
    }
    let read = io::stdin().lock().read_line(&mut line);
    if !from_stdin {
        echo(true);
        note("");
    }
    read?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Shows what is typed, or not. Without `stty` the password is seen, which is better than not set.
fn echo(on: bool) {
    let argument = if on { "echo" } else { "-echo" };
    let _ = Command::new("stty").arg(argument).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
