//! Markdown, in which HTML may stand.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::address::runs_code;
use super::{Cleaned, Cleaner, shown_as_text};
use crate::content::field::markdown::{OPTIONS, render};
use crate::content::field::text::plain_text;

/// Removes what is dangerous in the HTML that Markdown stands for, where it is written. When that cannot be
/// done piece by piece, only the words stay.
pub(super) fn clean(cleaner: &Cleaner, markdown: &str) -> Option<Cleaned> {
    let removed = cleaner.clean(&render(markdown))?.removed;
    let without = edited(markdown, &edits(cleaner, markdown));
    let html = match cleaner.clean(&render(&without)) {
        None => without,
        Some(Cleaned { html, .. }) => shown_as_text(&plain_text(&html)),
    };
    Some(Cleaned { html, removed })
}

/// The pieces of source to replace, in order, none inside another.
fn edits(cleaner: &Cleaner, markdown: &str) -> Vec<(Range<usize>, String)> {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut block: Option<Range<usize>> = None;
    // Links stand open while their words are gathered.
    let mut link: Option<(Range<usize>, String)> = None;
    for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => block = Some(range),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(range) = block.take()
                    && let Some(cleaned) = cleaner.clean(&markdown[range.clone()])
                {
                    edits.push((range, format!("{}\n", cleaned.html.trim_end())));
                }
            }
            Event::InlineHtml(tag) if cleaner.clean(&tag).is_some() => edits.push((range, shown_as_text(&tag))),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if link.is_none() && runs_code(&dest_url) =>
            {
                link = Some((range, String::new()));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, words)) = &mut link {
                    words.push_str(&text);
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((at, words)) = link.take_if(|(at, _)| at.end <= range.end) {
                    edits.retain(|(inner, _)| inner.start < at.start);
                    edits.push((at, shown_as_text(&words)));
                }
            }
            _ => {}
        }
    }
    edits
}

fn edited(markdown: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut done = 0;
    for (range, instead) in edits.iter().filter(|(range, _)| range.start <= range.end) {
        if range.start < done {
            continue;
        }
        text.push_str(&markdown[done..range.start]);
        text.push_str(instead);
        done = range.end;
    }
    text.push_str(&markdown[done..]);
    text
}
