//! What people choose for themselves.

use super::{Authoring, Error};
use crate::content::schema::SchemaId;

/// How many views of one list a person keeps.
const VIEWS: usize = 50;

impl Authoring {
    /// Keeps a view of a list under a name, in the place of one that had it.
    ///
    /// # Errors
    /// `Refused` when there are too many.
    pub fn save_view(&self, user: i64, schema: SchemaId, name: &str, query: &str) -> Result<(), Error> {
        let (name, query) = (name.to_owned(), query.to_owned());
        self.store.write(move |write| {
            let views = write.saved_views(user, schema)?;
            if views.len() >= VIEWS && !views.iter().any(|view| view.name == name) {
                return Err(Error::Refused(format!("You have {VIEWS} views of this list. Remove one first.")));
            }
            Ok(write.put_saved_view(user, schema, &name, &query)?)
        })
    }

    /// Forgets a person's view.
    ///
    /// # Errors
    /// The database's.
    pub fn remove_view(&self, user: i64, view: i64) -> Result<(), Error> {
        self.store.write(move |write| Ok(write.remove_saved_view(user, view)?))
    }

    /// Keeps what a person has chosen.
    ///
    /// # Errors
    /// The database's.
    pub fn choose(&self, user: i64, name: &str, value: &str) -> Result<(), Error> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.store.write(move |write| Ok(write.put_preference(user, &name, &value)?))
    }
}
