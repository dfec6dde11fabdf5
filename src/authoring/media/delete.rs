//! Deleting pictures and files, which can be undone, and undoing it.

use serde_json::json;

use super::MediaFacts;
use crate::account::Deed;
use crate::authoring::{Authoring, Error, Signature};
use crate::store::MediaRow;

/// How many places are named when something is in use.
const NAMED: usize = 20;

impl Authoring {
    /// Hides a picture or file: its address answers nothing from then on. It can be brought back for 30 days.
    ///
    /// # Errors
    /// `NotFound`; `Shown`, unless `anyway`, when something uses it.
    pub fn delete_media(&self, id: &str, anyway: bool, signature: Signature) -> Result<(), Error> {
        self.delete_many_media(vec![id.to_owned()], anyway, signature)
    }

    /// Hides several in one go, or none when one of them cannot be.
    ///
    /// # Errors
    /// As [`Authoring::delete_media`].
    pub fn delete_many_media(&self, ids: Vec<String>, anyway: bool, signature: Signature) -> Result<(), Error> {
        self.write(&signature.clone(), move |write| {
            for id in &ids {
                let media = write.media(id)?.ok_or(Error::NotFound("picture or file"))?;
                if !anyway && media.uses > 0 {
                    return Err(Error::Shown { uses: write.media_uses(id, 0, NAMED)?, total: media.uses });
                }
                write.record(Deed::FileDeleted, &media.filename, &json!({"id": id}))?;
                let by = Some(signature.by.clone());
                write.put_media(&MediaRow { deleted: Some(signature.at), deleted_by: by, ..media })?;
            }
            Ok(())
        })
    }

    /// Brings a deleted picture or file back as it was.
    ///
    /// # Errors
    /// `NotFound` when it is not deleted.
    pub fn undelete_media(&self, id: &str, signature: Signature) -> Result<MediaFacts, Error> {
        let id = id.to_owned();
        self.write(&signature, move |write| {
            let deleted = write.media_or_deleted(&id)?.filter(|media| media.deleted.is_some());
            let media = deleted.ok_or(Error::NotFound("deleted picture or file"))?;
            write.record(Deed::FileUndeleted, &media.filename, &json!({"id": id}))?;
            let media = MediaRow { deleted: None, deleted_by: None, ..media };
            write.put_media(&media)?;
            MediaFacts::of(write, media)
        })
    }
}
