//! Who works on a site, and the programs that read and write it.

use serde::{Deserialize, Serialize};

use crate::content::moment::Moment;

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
}
