//! What the audit log is told beside what changes.

use std::net::IpAddr;

use serde_json::json;

use super::{Authoring, Error, Signature};
use crate::account::Deed;

/// What was wrong when it was the password, or the account it was for.
pub const PASSWORD: &str = "password";

impl Authoring {
    /// Notes that the audit log was handed out, with these filters.
    ///
    /// # Errors
    /// The database's.
    pub fn note_audit_export(&self, filters: &str, signature: Signature) -> Result<(), Error> {
        let filters = filters.to_owned();
        self.write(&signature, move |write| Ok(write.record(Deed::AuditExported, "", &json!({"filters": filters}))?))
    }

    /// Notes that somebody could not sign in: to whose account, when it is one, and what was wrong. What was typed in
    /// the place of an address is not kept: it may be a password.
    ///
    /// # Errors
    /// The database's.
    pub fn note_failed_sign_in(&self, account: Option<&str>, wrong: &'static str, from: IpAddr) -> Result<(), Error> {
        let (by, known) = (account.unwrap_or_default().to_owned(), account.is_some());
        self.write(&Signature::now(by).from(from), move |write| {
            // Whoever shows a passkey says nothing of an account.
            let wrong = if known || wrong != PASSWORD { wrong } else { "no such account" };
            Ok(write.record(Deed::SignInFailed, "", &json!({"wrong": wrong}))?)
        })
    }
}
