//! Categories and tags.

use super::post::terms;
use super::{Authoring, Error, PostTerm, Signature};
use crate::content::post::{Filing, Term};
use crate::content::slug::Slug;

impl Authoring {
    /// The category or tag with this name, which is made when there is none.
    ///
    /// # Errors
    /// `Invalid` without a name.
    pub fn make_term(&self, filing: Filing, name: &str, signature: Signature) -> Result<Term, Error> {
        let name = name.trim().to_owned();
        if name.is_empty() || name.contains('\0') {
            return Err(Error::invalid("name", "Type a name."));
        }
        self.write(&signature, move |write| {
            let named = PostTerm { name: Some(name), slug: None };
            let id = terms(write, filing, &[named])?.first().copied().ok_or(Error::NotFound(noun(filing)))?;
            write.term(filing, id)?.ok_or(Error::NotFound(noun(filing)))
        })
    }

    /// Changes the category or tag with this slug.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` when it is left without a name, or a new slug is taken or no slug.
    pub fn change_term(
        &self,
        filing: Filing,
        slug: &str,
        edit: impl FnOnce(&mut Term) + Send + 'static,
        signature: Signature,
    ) -> Result<Term, Error> {
        let slug = slug.to_owned();
        self.write(&signature, move |write| {
            let old = write.term_by_slug(filing, &slug)?.ok_or(Error::NotFound(noun(filing)))?;
            let mut term = old.clone();
            edit(&mut term);
            term.id = old.id;
            if term.name.trim().is_empty() {
                return Err(Error::invalid("name", "This field is required."));
            }
            Slug::parse(&term.slug).map_err(|text| Error::invalid("slug", text))?;
            if write.term_by_slug(filing, &term.slug)?.is_some_and(|other| other.id != term.id) {
                return Err(Error::invalid("slug", format!("Another {} has this slug.", noun(filing))));
            }
            write.put_term(filing, &term)?;
            Ok(term)
        })
    }
}

fn noun(filing: Filing) -> &'static str {
    match filing {
        Filing::Category => "category",
        Filing::Tag => "tag",
    }
}
