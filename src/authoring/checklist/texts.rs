//! Texts: headings, links, tables, and what search results show.

use super::findings::Findings;
use super::{Checked, Severity};
use crate::content::field::{FieldType, visit_fields};
use crate::content::markup::{Survey, survey};
use crate::content::post::Post;
use crate::content::schema::Kind;

/// How much of a title search results show, in characters.
const TITLE: usize = 60;
/// How much of a description they show.
const DESCRIPTION: usize = 160;
/// Keys of fields that hold a title for search results.
const TITLES: &[&str] = &["seo_title", "meta_title"];
/// Keys of fields that hold a description for them.
const DESCRIPTIONS: &[&str] = &["meta_description", "seo_description"];
/// Words of links that say nothing about where they lead.
const EMPTY_WORDS: &[&str] = &["click here", "here", "read more", "more", "this link", "link", "click", "this page"];

impl Checked<'_> {
    pub(super) fn texts(&self, findings: &mut Findings) {
        let before = findings.count();
        for (path, labels, html) in self.html() {
            look_through(&path, &labels, &survey(&html), findings);
        }
        let tables = findings.count();
        self.search_results(findings);
        if tables == before && !self.html().is_empty() {
            findings.ok("Headings follow each other, and links say where they lead.");
        }
    }

    /// Every rich text.
    pub(super) fn html(&self) -> Vec<(String, Vec<String>, String)> {
        let mut found = Vec::new();
        if self.schema.kind == Kind::Post {
            found.push(("body".into(), vec!["Text".into()], Post::read(&self.revision.fields).body));
        } else {
            visit_fields(&self.schema.fields, &self.revision.fields, self.model, &mut |place| {
                if let (FieldType::Wysiwyg(_), Some(html)) = (&place.field.kind, place.value.as_str()) {
                    found.push((place.path, place.labels, html.to_owned()));
                }
            });
        }
        found.retain(|(_, _, html)| !html.is_empty());
        found
    }

    fn search_results(&self, findings: &mut Findings) {
        let before = findings.count();
        let mut looked_at = false;
        if self.schema.kind == Kind::Post {
            looked_at = true;
            let post = Post::read(&self.revision.fields);
            let (title_at, title) =
                if post.seo_title.is_empty() { ("@title", &post.title) } else { ("seo_title", &post.seo_title) };
            too_long(title_at, &["SEO title".into()], title, TITLE, findings);
            let at = if post.meta_description.is_empty() { "summary" } else { "meta_description" };
            let text = if at == "summary" { &post.summary } else { &post.meta_description };
            described(at, &["Meta description".into()], text, findings);
        } else {
            visit_fields(&self.schema.fields, &self.revision.fields, self.model, &mut |place| {
                let text = place.value.as_str().unwrap_or_default();
                if TITLES.contains(&place.field.key.as_str()) {
                    looked_at = true;
                    let title = if text.is_empty() { &self.revision.name } else { text };
                    too_long(&place.path, &place.labels, title, TITLE, findings);
                } else if DESCRIPTIONS.contains(&place.field.key.as_str()) {
                    looked_at = true;
                    described(&place.path, &place.labels, text, findings);
                }
            });
        }
        if looked_at && findings.count() == before {
            findings.ok("Title and description fit into search results.");
        }
    }
}

fn too_long(path: &str, labels: &[String], text: &str, limit: usize, findings: &mut Findings) {
    let over = text.chars().count().saturating_sub(limit);
    if over > 0 {
        let noun = if over == 1 { "character" } else { "characters" };
        findings.add(
            Severity::Warns,
            path,
            labels,
            format!("Shorten by {over} {noun} so that search results show all of it."),
        );
    }
}

fn described(path: &str, labels: &[String], text: &str, findings: &mut Findings) {
    if text.trim().is_empty() {
        let text = "There is no description, so search engines choose one themselves.";
        findings.add(Severity::Warns, path, labels, text);
    }
    too_long(path, labels, text, DESCRIPTION, findings);
}

fn look_through(path: &str, labels: &[String], found: &Survey, findings: &mut Findings) {
    let mut warn = |text: String| findings.add(Severity::Warns, path, labels, text);
    for pair in found.headings.windows(2) {
        let [(above, _), (level, text)] = pair else { continue };
        if *level > above + 1 {
            warn(format!("The heading “{text}” skips a level: it is a heading {level} below a heading {above}."));
        }
    }
    if let Some((_, text)) = found.headings.iter().find(|(_, text)| text.is_empty()) {
        warn(format!("There is an empty heading{text}: remove it, or write one."));
    }
    for link in &found.links {
        let words = link.text.trim().trim_end_matches(['.', '!', '»', '→', '…', ' ']).to_lowercase();
        if words.is_empty() {
            warn(format!("The link to {} has no words to click on.", link.href));
        } else if EMPTY_WORDS.contains(&words.as_str()) {
            warn(format!("The link “{}” does not say where it leads ({}).", link.text, link.href));
        }
    }
    match found.empty_heads {
        0 => {}
        1 => warn("A table has an empty head: say what its column or row holds.".into()),
        many => warn(format!("Tables have {many} empty heads: say what their columns or rows hold.")),
    }
}
