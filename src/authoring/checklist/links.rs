//! Links to entries of the site that readers cannot see.

use super::findings::Findings;
use super::{Checked, Severity};
use crate::authoring::Error;
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, View};
use crate::content::field::{FieldType, visit_fields};
use crate::content::markup::survey;
use crate::content::schema::Kind;

impl Checked<'_> {
    pub(super) fn links(&self, findings: &mut Findings) -> Result<(), Error> {
        let before = findings.count();
        let references = self.references();
        for (path, labels, to) in &references {
            if let Some(entry) = self.read.entry(EntryId(*to))? {
                self.target(path, labels, &entry, findings)?;
            }
        }
        let mut looked_at = !references.is_empty();
        for (path, labels, html) in self.html() {
            for link in survey(&html).links {
                let Some(entry) = self.meant(&link.href)? else { continue };
                looked_at = true;
                self.target(&path, &labels, &entry, findings)?;
            }
        }
        if looked_at && findings.count() == before {
            findings.ok("Everything it links to on this site is published.");
        }
        Ok(())
    }

    fn references(&self) -> Vec<(String, Vec<String>, i64)> {
        let mut found = Vec::new();
        if self.schema.kind != Kind::Post {
            visit_fields(&self.schema.fields, &self.revision.fields, self.model, &mut |place| {
                if matches!(place.field.kind, FieldType::Reference(_)) {
                    let many = place.value.as_array().into_iter().flatten();
                    for id in many.chain([place.value]).filter_map(serde_json::Value::as_i64) {
                        found.push((place.path.clone(), place.labels.clone(), id));
                    }
                }
            });
        }
        found
    }

    /// The entry that an address on the site leads to.
    fn meant(&self, href: &str) -> Result<Option<Entry>, Error> {
        let slug_in = |pattern: &str| {
            let (before, after) = pattern.split_once("{slug}")?;
            let after = after.split(['?', '#', '{']).next().unwrap_or_default();
            let plain = href.split(['?', '#']).next().unwrap_or_default();
            let rest = plain.strip_prefix(before)?.trim_end_matches('/');
            let slug = rest.strip_suffix(after.trim_end_matches('/')).unwrap_or(rest);
            (!slug.is_empty() && !slug.contains('/')).then(|| slug.to_owned())
        };
        if let Some(slug) =
            self.settings.blog_url_prefix.as_ref().and_then(|prefix| slug_in(&format!("{prefix}{{slug}}")))
            && let Some(post) = self.read.entry_by_slug(BLOG, &slug, View::Newest)?
        {
            return Ok(Some(post));
        }
        let Some(slug) = self.settings.page_url.as_deref().and_then(slug_in) else { return Ok(None) };
        let pages = self.read.entries_by_slug(&slug, View::Newest)?;
        Ok(pages.into_iter().find(|page| self.model.schema(page.schema).is_some_and(|schema| schema.kind.is_page())))
    }

    /// Says when readers cannot see an entry.
    fn target(&self, path: &str, labels: &[String], to: &Entry, findings: &mut Findings) -> Result<(), Error> {
        if to.id == self.entry.id {
            return Ok(());
        }
        let live = self.read.version(to, self.revision.locale, View::Live)?;
        if live.is_some() {
            return Ok(());
        }
        let shown = self.read.version(to, self.revision.locale, View::Newest)?;
        let name = shown.map(|version| version.revision.name).filter(|name| !name.is_empty());
        let name = name.or_else(|| to.slug.clone()).unwrap_or_else(|| format!("item {}", to.id.0));
        let text = if to.deleted.is_some() {
            format!("It links to “{name}”, which was deleted.")
        } else {
            format!("It links to “{name}”, which is not published: readers will not see it.")
        };
        findings.add(Severity::Warns, path, labels, text);
        Ok(())
    }
}
