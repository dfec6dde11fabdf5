//! From a file that has arrived to one of the library: the last step, the same for every way in.

use serde_json::Value;
use tempfile::NamedTempFile;

use super::{About, Error, Held, Intake, Sender};
use crate::authoring::{self, Incoming, MediaFacts};

/// A file of the library that came in.
#[derive(Clone, Debug)]
pub struct Taken {
    inner: authoring::Taken,
}

impl Taken {
    /// Its name in addresses.
    pub fn id(&self) -> &str {
        &self.inner.facts.media.id
    }

    /// The facts, with `known` when the same bytes were there already.
    pub fn json(&self) -> Value {
        let mut facts = self.inner.facts.to_json();
        if self.inner.known {
            facts["known"] = true.into();
        }
        facts
    }
}

impl Intake {
    /// Puts what was held in the place of a picture or file of the library.
    ///
    /// # Errors
    /// As [`Intake::keep`]; when there is no such picture or file.
    pub async fn replace(&self, held: Held, id: String, about: About, sender: &Sender) -> Result<MediaFacts, Error> {
        let authoring = self.authoring.clone();
        let incoming = Incoming::new(held.0, about.name);
        let signature = sender.signature();
        Ok(self.work.run(move || authoring.replace_media(&id, incoming, signature)).await??)
    }

    /// Takes a file into the library. `client` names the upload: again, it gets the same answer.
    pub(super) async fn take(
        &self,
        file: NamedTempFile,
        about: About,
        sender: &Sender,
        client: Option<&str>,
    ) -> Result<Taken, Error> {
        let authoring = self.authoring.clone();
        let incoming = Incoming { alt: about.alt, ..Incoming::new(file, about.name) };
        let asked = client.map(|client| authoring::upload_named(sender.user, client));
        let signature = sender.signature();
        let inner = self.work.run(move || authoring.take_in(incoming, asked, signature)).await??;
        Ok(Taken { inner })
    }
}
