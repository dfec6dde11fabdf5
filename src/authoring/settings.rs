//! A site's beginnings and its settings.

use serde_json::{Value, json};

use super::{Authoring, Error, Signature};
use crate::account::Deed;
use crate::content::post::Author;
use crate::content::settings::Setting;
use crate::store::Store;

impl Authoring {
    /// Sets a setting, or with `None` puts it back to its default. Whether the value fits is for the
    /// caller to check with `content::settings`.
    ///
    /// # Errors
    /// The database's.
    pub fn change_setting(&self, name: &str, value: Option<Value>, signature: Signature) -> Result<(), Error> {
        let name = name.to_owned();
        self.write(&signature, move |write| {
            write.put_setting(&name, value.as_ref())?;
            Ok(write.record(Deed::SettingsChanged, &name, &json!({"to": value}))?)
        })
    }

    /// Sets several settings at once; a value that is a setting's default is not kept.
    ///
    /// # Errors
    /// The database's.
    pub fn change_settings(&self, values: Vec<(&'static Setting, Value)>, signature: Signature) -> Result<(), Error> {
        self.write(&signature, move |write| {
            for (setting, value) in &values {
                let kept = Some(value).filter(|value| **value != setting.default());
                write.put_setting(setting.name, kept)?;
                write.record(Deed::SettingsChanged, setting.name, &json!({"to": value}))?;
            }
            Ok(())
        })
    }
}

/// Gives a new site what every site has: its date and an author for posts that name none. A site that
/// has them is left alone.
///
/// # Errors
/// The database's.
pub fn init_site(store: &Store, signature: &Signature) -> Result<(), Error> {
    let at = signature.at;
    store.write(move |write| {
        write.happens_at(at);
        if write.authors()?.is_empty() {
            write.put_site_created(at)?;
            write.add_author(&Author::of_new_site())?;
        }
        Ok(())
    })
}
