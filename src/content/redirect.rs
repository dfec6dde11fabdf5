//! Redirects: where visitors of an address that is no more are sent.

mod address;
mod feed;
mod read;
mod table;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::moment::Moment;

pub use address::{path_of, source, target};
pub use feed::{Host, csv};
pub use read::{Line, read};
pub use table::{Put, Table};

/// How many redirects a site has at most.
pub const MOST: usize = 20_000;

/// What a host answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 301: for good. Browsers and search engines remember it.
    #[default]
    Moved,
    /// 302: for now.
    Found,
    /// 307: for now, and forms are sent again.
    Temporary,
    /// 308: for good, and forms are sent again.
    Permanent,
    /// 410: nothing is there any more.
    Gone,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Moved, Self::Found, Self::Temporary, Self::Permanent, Self::Gone];

    /// Its number.
    pub fn number(self) -> u16 {
        match self {
            Self::Moved => 301,
            Self::Found => 302,
            Self::Temporary => 307,
            Self::Permanent => 308,
            Self::Gone => 410,
        }
    }

    /// The one with this number.
    pub fn of(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }

    /// The one that is written so; an empty text is the usual one.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Ok(Self::default()),
            text => text
                .parse()
                .ok()
                .and_then(Self::of)
                .ok_or_else(|| format!("The status {text} is not one of 301, 302, 307, 308 and 410.")),
        }
    }

    /// Whether what is behind it may be remembered in its place.
    fn is_for_good(self) -> bool {
        matches!(self, Self::Moved | Self::Permanent)
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.number())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u16::deserialize(deserializer)?;
        Self::of(number).ok_or_else(|| serde::de::Error::custom(format!("{number} is no status of a redirect")))
    }
}

/// From where to where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A path as browsers send it, without a slash at its end: `/old-page`.
    pub from: String,
    /// A path or a whole address; `None` when nothing is there any more.
    pub to: Option<String>,
    /// What is answered with.
    pub status: Status,
}

/// What is wrong with a redirect, and with which part of it: `from`, `to` or `status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which part.
    pub part: &'static str,
    /// A sentence for people.
    pub text: String,
}

impl Wrong {
    fn new(part: &'static str, text: impl Into<String>) -> Self {
        Self { part, text: text.into() }
    }
}

impl Rule {
    /// A rule as people type it. Without a target it says that nothing is there any more.
    ///
    /// # Errors
    /// What is wrong, part by part.
    pub fn parse(from: &str, to: &str, status: &str) -> Result<Self, Vec<Wrong>> {
        let from = address::source(from).map_err(|text| Wrong::new("from", text));
        let status = Status::parse(status).map_err(|text| Wrong::new("status", text));
        let to = match (to.trim(), &status) {
            (_, Ok(Status::Gone)) => Ok(None),
            ("", _) => Err(Wrong::new("to", "Say where visitors are sent, or choose 410: nothing is there any more.")),
            (to, _) => address::target(to).map(Some).map_err(|text| Wrong::new("to", text)),
        };
        match (from, to, status) {
            (Ok(from), Ok(to), Ok(status)) => Ok(Self { from, to, status }),
            (from, to, status) => Err([from.err(), to.err(), status.err()].into_iter().flatten().collect()),
        }
    }

    /// Where it leads, in words.
    pub fn destination(&self) -> &str {
        self.to.as_deref().unwrap_or("nothing (410)")
    }
}

/// A redirect that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Never changes.
    pub id: i64,
    /// What it says.
    pub rule: Rule,
    /// Who set it last.
    pub by: String,
    /// When.
    pub at: Moment,
}
