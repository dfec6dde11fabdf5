//! The account at an authority, made at the first request and kept.

use std::fs;
use std::path::PathBuf;

use instant_acme::{Account, AccountCredentials, NewAccount};
use serde::{Deserialize, Serialize};

use super::Renewal;
use super::error::Error;
use super::folder::{folder, put};
use super::http::Client;
use crate::fetch::Service;

/// What is kept of it, the key with which it is used included.
#[derive(Serialize, Deserialize)]
struct Kept {
    directory: String,
    contact: Vec<String>,
    credentials: AccountCredentials,
}

impl Renewal {
    /// The account, which may have to be made.
    ///
    /// # Errors
    /// When the authority is not reached or refuses, or the disk does.
    pub(super) async fn account(&self) -> Result<Account, Error> {
        let contact: Vec<String> = self.terms.email.iter().map(|email| format!("mailto:{email}")).collect();
        let contacts: Vec<&str> = contact.iter().map(String::as_str).collect();
        let client = || Account::builder_with_http(Box::new(Client(Service::new(&self.terms.trusted))));
        if let Some(mut kept) = self.kept().filter(|kept| kept.directory == self.terms.directory) {
            let text = serde_json::to_value(&kept.credentials)?;
            let account = client().from_credentials(kept.credentials).await?;
            if kept.contact != contact {
                account.update_contacts(&contacts).await?;
                kept = Kept { contact, credentials: serde_json::from_value(text)?, ..kept };
                put(&self.path_of_account(), &serde_json::to_vec(&kept)?)?;
            }
            return Ok(account);
        }
        let new = NewAccount { contact: &contacts, terms_of_service_agreed: true, only_return_existing: false };
        let (account, credentials) = client().create(&new, self.terms.directory.clone(), None).await?;
        let kept = Kept { directory: self.terms.directory.clone(), contact, credentials };
        put(&self.path_of_account(), &serde_json::to_vec(&kept)?)?;
        Ok(account)
    }

    /// Forgets an account that the authority does not know, so that the next try makes another one.
    pub(super) fn forget_account(&self) {
        // What cannot be removed is found again, and told again.
        let _ = fs::remove_file(self.path_of_account());
    }

    /// One that cannot be read is as good as none: another one is made.
    fn kept(&self) -> Option<Kept> {
        serde_json::from_slice(&fs::read(self.path_of_account()).ok()?).ok()
    }

    fn path_of_account(&self) -> PathBuf {
        folder(&self.site).join("account.json")
    }
}
