//! Who works on a site, and the programs that read and write it.

mod audit;
mod used;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::content::entry::EntryId;
use crate::content::field::Only;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;

pub use audit::{Deed, DeedGroup, Record};
pub use used::{AddressRange, LastUse, Used};

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything, other owners included.
    Owner,
    /// Everything but people.
    Developer,
    /// All content.
    Editor,
    /// Own drafts.
    Writer,
    /// Reading.
    Viewer,
}

impl Role {
    /// All roles, most powerful first.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Developer, Self::Editor, Self::Writer, Self::Viewer];

    /// The role's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Developer => "developer",
            Self::Editor => "editor",
            Self::Writer => "writer",
            Self::Viewer => "viewer",
        }
    }

    /// The role with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// One thing that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Reading everybody's drafts. Who writes reads their own without it.
    SeeDrafts,
    /// Writing drafts of one's own.
    WriteOwn,
    /// Changing everybody's drafts, categories, tags and authors.
    Write,
    /// Publishing, scheduling and unpublishing.
    Publish,
    /// Deleting and restoring.
    Delete,
    /// Changing HTML as source.
    EditHtml,
    /// The content model, tokens and settings.
    Build,
    /// Other people's accounts.
    People,
}

impl Role {
    /// Whether the role gives a right.
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::WriteOwn => self != Self::Viewer,
            Right::SeeDrafts | Right::Write | Right::Publish | Right::Delete => {
                matches!(self, Self::Owner | Self::Developer | Self::Editor)
            }
            Right::EditHtml | Right::Build => matches!(self, Self::Owner | Self::Developer),
            Right::People => self == Self::Owner,
        }
    }
}

impl Role {
    /// Whether it may fill in a field that only some may.
    pub fn fills(self, only: Option<Only>) -> bool {
        match only {
            None => true,
            Some(Only::Editor) => self.may(Right::Write),
            Some(Only::Developer) => self.may(Right::Build),
            Some(Only::Owner) => self.may(Right::People),
        }
    }
}

/// How the dashboard looks to a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As their system does.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The theme's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == name)
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Never changes.
    pub id: i64,
    /// What they sign in with.
    pub email: String,
    /// What colleagues read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password as an Argon2id hash in PHC format.
    pub password: String,
    /// Since when.
    pub created: Moment,
    /// How the dashboard looks to them.
    #[serde(default)]
    pub theme: Theme,
    /// When they were last there, to within minutes; `None` when they never were.
    #[serde(default)]
    pub seen: Option<Moment>,
    /// Whether single keys are commands to them.
    #[serde(default = "yes")]
    pub shortcuts: bool,
    /// Whether Home shows them the first steps.
    #[serde(default = "yes")]
    pub guided: bool,
    /// What they show beside the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondFactor>,
}

/// The one-time codes of a person's app, and the codes for when it is lost.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// What their app makes codes of: 160 bits in Base32. Kept as it is, because codes are made of it here too.
    pub secret: String,
    /// Since when.
    pub since: Moment,
    /// The step of the newest code that was used; it and those before it work no more.
    pub step: u64,
    /// SHA-256 of the recovery codes that were not used yet, in hex.
    pub recovery: Vec<String>,
}

impl fmt::Debug for SecondFactor {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactor").field("since", &self.since).field("recovery", &self.recovery.len()).finish()
    }
}

fn yes() -> bool {
    true
}

impl User {
    /// Somebody new; the database gives them their number.
    pub fn new(email: String, name: String, role: Role, password: String, created: Moment) -> Self {
        Self {
            id: 0,
            email,
            name,
            role,
            password,
            created,
            theme: Theme::System,
            seen: None,
            shortcuts: true,
            guided: true,
            second: None,
        }
    }

    /// Whether they may do something.
    pub fn may(&self, right: Right) -> bool {
        self.role.may(right)
    }
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret, in hex.
    pub hash: String,
    /// Who, by id.
    pub user: i64,
    /// Since when.
    pub created: Moment,
    /// When it was last used, to within minutes.
    pub seen: Moment,
    /// What the browser calls itself.
    pub agent: String,
    /// Where it signed in from.
    pub address: String,
    /// The role by which an owner looks at the dashboard there, in the place of their own.
    pub sees_as: Option<Role>,
}

/// How long the handle is by which browsers know a passkey's owner, in bytes.
pub const HANDLE: usize = 16;

/// A key that a person's device holds, with which they sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// By which their browsers know it.
    pub id: Vec<u8>,
    /// Whose, by id.
    pub user: i64,
    /// By which their browsers know them; the same for all of theirs.
    pub handle: [u8; HANDLE],
    /// What they call it.
    pub name: String,
    /// Its public key.
    pub key: Vec<u8>,
    /// What may change each time it is used.
    pub state: Vec<u8>,
    /// Since when.
    pub created: Moment,
    /// When it was last used.
    pub seen: Option<Moment>,
}

/// A link that was handed to somebody and works once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// SHA-256 of the link's secret, in hex.
    pub hash: String,
    /// What it is good for.
    pub purpose: Purpose,
    /// Who handed it out.
    pub by: String,
    /// When.
    pub created: Moment,
    /// Until when it works.
    pub ends: Moment,
}

/// What a [`Pass`] is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An account of one's own.
    Invite {
        /// What the invited will sign in with.
        email: String,
        /// What they will be.
        role: Role,
    },
    /// A new password for the person with this id.
    Reset(i64),
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Reading; sites publish such tokens.
    Read,
    /// Reading and writing; a secret.
    Write,
}

impl Access {
    /// The kind's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|access| access.as_str() == name)
    }
}

/// A program's key to the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Never changes.
    pub id: i64,
    /// What people call it; the author of what is written with it.
    pub name: String,
    /// Reading or writing.
    pub access: Access,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// The token itself, for read tokens.
    pub secret: Option<String>,
    /// Whether `preview=1` shows drafts to it.
    pub preview: bool,
    /// Since when.
    pub created: Moment,
    /// Until when it works; `None` when it works until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
    /// The secret before this one, if it still works for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
    /// The last use that was noted, to within minutes. It is no part of archives: equal sites give equal archives.
    #[serde(skip)]
    pub used: Option<LastUse>,
}

impl ApiToken {
    /// Whether it works no more.
    pub fn is_over(&self, now: Moment) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

/// A token's secret that another has taken the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// SHA-256 of it, in hex.
    pub hash: String,
    /// Until when it works beside its successor.
    pub ends: Moment,
}

/// A key to the newest version of one entry in one locale, for a site that shows previews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Never changes.
    pub id: i64,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// The entry it shows.
    pub entry: EntryId,
    /// In which locale.
    pub locale: LocaleId,
    /// Who made it, by id.
    pub user: i64,
    /// Who made it, by name.
    pub by: String,
    /// Since when.
    pub created: Moment,
    /// Until when.
    pub ends: Moment,
    /// What a shared link is called; `None` for a person's own preview.
    pub name: Option<String>,
}
