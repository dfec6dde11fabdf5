//! What an editor sends: small operations on paths, not the whole form.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::content::entry::{EntryId, RevisionId};
use crate::content::moment::Moment;

/// One change to an entry's values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// A field gets another value.
    Set {
        /// Which field.
        path: String,
        /// What its control holds.
        value: Value,
    },
    /// A list gets another element.
    Insert {
        /// Which list.
        list: String,
        /// Behind which element; `None` for the front.
        #[serde(default)]
        after: Option<String>,
        /// The new element's name: 4 to 16 letters and digits.
        id: String,
        /// Which component it is, in a component picker.
        #[serde(default)]
        component: Option<String>,
        /// Its fields by key; those that are left out get their defaults.
        #[serde(default)]
        value: Value,
    },
    /// An element goes elsewhere in its list.
    Move {
        /// Which list.
        list: String,
        /// Which element.
        id: String,
        /// Behind which element; `None` for the front.
        #[serde(default)]
        after: Option<String>,
    },
    /// An element goes away.
    Remove {
        /// Which list.
        list: String,
        /// Which element.
        id: String,
    },
}

impl Op {
    /// The field or list it is about.
    pub fn place(&self) -> &str {
        match self {
            Self::Set { path, .. } => path,
            Self::Insert { list, .. } | Self::Move { list, .. } | Self::Remove { list, .. } => list,
        }
    }
}

/// Why an editor saves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// By itself, while somebody writes.
    #[default]
    Autosave,
    /// Because somebody asked for it.
    Saved,
}

/// What an editor sends in one request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DraftSave {
    /// The revision that the person saw; `None` when there was none.
    #[serde(default)]
    pub base: Option<RevisionId>,
    /// The tab, by a name it chose: 8 to 32 letters and digits.
    pub client: String,
    /// Counts the tab's requests.
    pub seq: i64,
    /// The locale's slug; the default one when empty.
    #[serde(default)]
    pub locale: Option<String>,
    /// Whether the slug is made from the title as long as nothing is live.
    #[serde(default)]
    pub follow_slug: bool,
    /// The changes in order. Each is read by itself, so that one that makes no sense keeps back no other.
    #[serde(default)]
    pub ops: Vec<Value>,
    /// Why it is sent.
    #[serde(default)]
    pub why: Why,
    /// A new post: the post that it translates.
    #[serde(default)]
    pub translation_of: Option<i64>,
    /// SHA-256 of the request, in hex.
    #[serde(skip)]
    pub digest: String,
}

impl DraftSave {
    /// Reads a request.
    ///
    /// # Errors
    /// A sentence for whoever wrote the program that sent it.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let mut save: Self = serde_json::from_slice(body).map_err(|error| format!("this is no save: {error}"))?;
        let fits =
            (8..=32).contains(&save.client.len()) && save.client.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits {
            return Err("`client` has 8 to 32 letters and digits".into());
        }
        save.digest = Self::digest_of(body);
        Ok(save)
    }

    /// What tells one request from another.
    pub fn digest_of(body: &[u8]) -> String {
        Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A form that was sent without scripts; `nonce` is the form's own, so that sent twice it is saved once.
    pub fn of_form(base: Option<i64>, nonce: &str, locale: &str, ops: Vec<Value>, digest: String) -> Self {
        Self {
            base: base.map(RevisionId),
            client: format!("form{nonce}"),
            seq: 0,
            locale: Some(locale.to_owned()),
            follow_slug: false,
            ops,
            why: Why::Saved,
            translation_of: None,
            digest,
        }
    }

    /// The beginning of a post's translation.
    pub fn translating(original: EntryId, locale: &str, at: Moment) -> Self {
        let digest = Self::digest_of(format!("{} in {locale} at {at}", original.0).as_bytes());
        let save = Self::of_form(None, &digest[..20], locale, Vec::new(), digest.clone());
        Self { translation_of: Some(original.0), ..save }
    }
}
