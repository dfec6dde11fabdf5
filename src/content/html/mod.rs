//! Cleaning HTML: what is dangerous is removed, everything else stays as it was written.
//!
//! Sites print what people save here into their own pages. So scripts, event handlers, addresses that run
//! code, forms, objects, frames of strangers and styles that load or cover something go. Classes, ids,
//! harmless styles and whatever is merely unknown stay; text without danger stays byte for byte.
//!
//! Nothing is trusted because it was printed by us: text counts as clean only when reading it finds no
//! danger, and what was rewritten is read again. So cleaning what is clean changes nothing, and no trick
//! with markup that reads differently the second time gets through.

mod address;
mod css;
mod danger;
mod markdown;
mod pictures;
#[cfg(test)]
mod tests;
mod tree;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use danger::Danger;
pub use pictures::{picture_sources, with_source};

/// How often markup may need rewriting. What still changes its meaning then was made for attacks.
const ROUNDS: usize = 6;
/// How deep elements may stand inside each other. Reading time grows with the square of the depth.
const MAX_DEPTH: usize = 4_000;
/// Elements that hold nothing, or whose end tags people leave out.
const SHALLOW: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "td", "th", "tr", "track", "wbr", "!--", "!doctype",
];

/// Knows what a site allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaner {
    /// Hosts whose frames may be embedded, with all hosts below them, in lower case.
    frames: Vec<String>,
}

/// HTML from which something was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// What is left.
    pub html: String,
    /// What was removed.
    pub removed: BTreeSet<Danger>,
}

impl Cleaner {
    /// A cleaner that keeps frames from these hosts, which stand in a text, separated by spaces or commas.
    pub fn new(frames: &str) -> Self {
        let hosts = frames.split([' ', ',', '\n', '\t', '\r']).filter(|host| !host.is_empty());
        Self { frames: hosts.map(str::to_ascii_lowercase).collect() }
    }

    /// The HTML without what is dangerous in it; `None` when there is nothing dangerous.
    pub fn clean(&self, html: &str) -> Option<Cleaned> {
        if !html.contains('<') {
            return None;
        }
        let mut removed = BTreeSet::new();
        let mut text = Cow::Borrowed(html);
        if is_too_deep(html) {
            removed.insert(Danger::Unreadable);
            return Some(Cleaned { html: shown_as_text(html), removed });
        }
        for _ in 0..ROUNDS {
            match (self.rewritten(&text, &mut removed), text) {
                (None, Cow::Borrowed(_)) => return None,
                (None, Cow::Owned(html)) => return Some(Cleaned { html, removed }),
                (Some(next), _) => text = Cow::Owned(next),
            }
        }
        removed.insert(Danger::Unreadable);
        Some(Cleaned { html: shown_as_text(&text), removed })
    }

    /// The Markdown without what is dangerous in the HTML it stands for; `None` when there is nothing.
    pub fn clean_markdown(&self, markdown: &str) -> Option<Cleaned> {
        markdown::clean(self, markdown)
    }

    /// `html` without what is found dangerous at first reading; `None` when nothing is, however it is read.
    fn rewritten(&self, html: &str, removed: &mut BTreeSet<Danger>) -> Option<String> {
        let mut found = BTreeSet::new();
        let mut tree = tree::Tree::read(html);
        if !tree.is_finished() {
            // What follows on the page would become part of the last tag.
            found.insert(Danger::Unfinished);
            tree = tree::Tree::read_whole(html);
        }
        tree.prune(self, &mut found);
        if found.is_empty() {
            found = self.found_otherwise(html, &mut tree);
        }
        if found.is_empty() {
            return None;
        }
        removed.extend(found);
        Some(tree.print())
    }

    /// What is dangerous when `html` is read in other ways than as a piece of a page: as all of it, without
    /// scripting, and printed and read once more, as editors do. Removes what makes these ways differ.
    fn found_otherwise(&self, html: &str, tree: &mut tree::Tree) -> BTreeSet<Danger> {
        let mut found = BTreeSet::new();
        if has_tag(html, &["html", "head", "body", "frameset"]) {
            tree::Tree::read_page(html).prune(self, &mut found);
        }
        if has_tag(html, &["noscript"]) {
            let mut dangers = BTreeSet::new();
            tree::Tree::read_unscripted(html).prune(self, &mut dangers);
            if !dangers.is_empty() {
                tree.drop_all(&["noscript"]);
                found.extend(dangers);
            }
        }
        let unstable = ["svg", "math", "style", "template", "table", "xmp", "noembed", "noframes", "title", "textarea"];
        if found.is_empty() && has_tag(html, &unstable) {
            let mut dangers = BTreeSet::new();
            tree::Tree::read_whole(&tree.print()).prune(self, &mut dangers);
            if !dangers.is_empty() {
                tree.drop_all(&unstable);
                found.extend(dangers);
            }
        }
        found
    }
}

/// Whether one of these tags may be in `html`.
fn has_tag(html: &str, names: &[&str]) -> bool {
    let bytes = html.as_bytes();
    let begins = |place: usize, name: &str| {
        bytes.get(place + 1..place + 1 + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
    };
    html.match_indices('<').any(|(place, _)| names.iter().any(|name| begins(place, name)))
}

/// Whether tags are opened and never closed to an extent that no page needs.
fn is_too_deep(html: &str) -> bool {
    let mut depth = 0_usize;
    for (place, _) in html.match_indices('<') {
        let rest = &html[place + 1..];
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '!' && c != '-').unwrap_or(rest.len());
            let name = &rest[..end.min(12)];
            let holds = name.starts_with(|c: char| c.is_ascii_alphabetic());
            if holds && !SHALLOW.iter().any(|shallow| shallow.eq_ignore_ascii_case(name)) {
                depth += 1;
            }
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// Markup as readers would read it, not browsers.
fn shown_as_text(html: &str) -> String {
    html.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
