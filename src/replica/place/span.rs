//! Which transactions a part of the change log holds; it is named after them.

use std::fmt;
use std::str::FromStr;

/// Transactions from the first to the last, both included. The first transaction of all is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first one.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

impl Span {
    /// One transaction alone.
    pub fn one(transaction: u64) -> Self {
        Self { first: transaction, last: transaction }
    }

    /// Whether it begins with the first transaction of all, so that it holds the whole database.
    pub fn is_whole(self) -> bool {
        self.first == 1
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}-{:016x}.ltx", self.first, self.last)
    }
}

/// Not the name of a part of the change log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a part of the change log, as 0000000000000001-0000000000000004.ltx is")]
pub struct NotASpan;

impl FromStr for Span {
    type Err = NotASpan;

    fn from_str(name: &str) -> Result<Self, NotASpan> {
        let numbers = name.strip_suffix(".ltx").and_then(|name| name.split_once('-')).ok_or(NotASpan)?;
        let span = Self { first: number(numbers.0)?, last: number(numbers.1)? };
        if span.first == 0 || span.first > span.last { Err(NotASpan) } else { Ok(span) }
    }
}

fn number(text: &str) -> Result<u64, NotASpan> {
    let written = text.len() == 16 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if written { u64::from_str_radix(text, 16).map_err(|_| NotASpan) } else { Err(NotASpan) }
}
