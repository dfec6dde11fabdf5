//! Listing the library for programs.

use super::MediaFacts;
use crate::authoring::{Authoring, Error};
use crate::content::field::media::Medium;
use crate::store::MediaQuery;

impl Authoring {
    /// A part of the library, the latest first, and how many there are in all: those with all words of `text` in
    /// name, alternative text or tags, and of one kind if that is asked for.
    ///
    /// # Errors
    /// The database's.
    pub fn list_media(
        &self,
        text: &str,
        medium: Option<Medium>,
        offset: u64,
        limit: u64,
    ) -> Result<(Vec<MediaFacts>, u64), Error> {
        let query = MediaQuery { text: text.into(), medium, ..MediaQuery::default() };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.store.read(|read| {
            let rows = read.library(&query, offset, limit)?;
            let facts = rows.into_iter().map(|media| MediaFacts::of(read, media)).collect::<Result<_, Error>>()?;
            Ok((facts, read.library_counts(&query)?.total))
        })
    }
}
