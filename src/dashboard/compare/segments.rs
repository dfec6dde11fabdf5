//! Two texts as one: what stays, what goes, what comes.

use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};

use crate::content::markup::{Block, blocks};

/// How long one text is compared exactly; what takes longer is told more coarsely.
const LONGEST: Duration = Duration::from_millis(250);
/// Texts without spaces up to this length are compared letter by letter.
const LETTERS: usize = 2_000;
/// Blocks that stay are shown only this close to what changed.
const CONTEXT: usize = 1;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Segment {
    /// `same`, `del` or `ins`.
    pub(super) kind: &'static str,
    pub(super) text: String,
}

/// A block of a rich text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Shown {
    /// `p`, `h2`, `li`, `img`, …
    pub(super) tag: String,
    /// `same`, `added`, `removed`, `changed`, `marks` when only marks such as bold differ, or `skipped`.
    pub(super) state: &'static str,
    /// The text; of `skipped`, how many blocks.
    pub(super) parts: Vec<Segment>,
    /// How many blocks are left out here.
    pub(super) skipped: usize,
}

/// Compares two plain texts word by word.
pub(super) fn of_text(before: &str, after: &str) -> Vec<Segment> {
    let spaced = |text: &str| text.contains(char::is_whitespace);
    let mut config = TextDiff::configure();
    config.timeout(LONGEST);
    let letters = !spaced(before) && !spaced(after) && before.len() + after.len() <= LETTERS;
    let diff = if letters { config.diff_chars(before, after) } else { config.diff_words(before, after) };
    let mut joined = Joined::default();
    for change in diff.iter_all_changes() {
        joined.add(change.tag(), change.value());
    }
    joined.flush();
    joined.segments
}

/// Changes as they are gathered. What goes and what comes next to each other are told as one of each, and a
/// space between two changes belongs to both: word by word they could not be read.
#[derive(Default)]
struct Joined {
    segments: Vec<Segment>,
    gone: String,
    came: String,
    /// A space after a change, until it is known whether another change follows.
    space: String,
}

impl Joined {
    fn add(&mut self, tag: ChangeTag, text: &str) {
        let changing = !self.gone.is_empty() || !self.came.is_empty();
        match tag {
            ChangeTag::Equal if changing && self.space.is_empty() && text.trim().is_empty() => {
                text.clone_into(&mut self.space);
            }
            ChangeTag::Equal => {
                self.flush();
                self.push("same", text);
            }
            ChangeTag::Delete | ChangeTag::Insert => {
                let space = std::mem::take(&mut self.space);
                self.gone.push_str(&space);
                self.came.push_str(&space);
                let side = if tag == ChangeTag::Delete { &mut self.gone } else { &mut self.came };
                side.push_str(text);
            }
        }
    }

    fn flush(&mut self) {
        for (kind, text) in [("del", std::mem::take(&mut self.gone)), ("ins", std::mem::take(&mut self.came))] {
            self.push(kind, &text);
        }
        let space = std::mem::take(&mut self.space);
        self.push("same", &space);
    }

    fn push(&mut self, kind: &'static str, text: &str) {
        match self.segments.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.segments.push(Segment { kind, text: text.to_owned() }),
        }
    }
}

/// Compares two HTML texts block by block, and changed blocks word by word.
pub(super) fn of_html(before: &str, after: &str) -> Vec<Shown> {
    let (old, new) = (blocks(before), blocks(after));
    let key = |block: &Block| format!("{}\u{0}{}", block.tag, block.marks);
    let (old_keys, new_keys): (Vec<String>, Vec<String>) =
        (old.iter().map(key).collect(), new.iter().map(key).collect());
    let old_lines: Vec<&str> = old_keys.iter().map(String::as_str).collect();
    let new_lines: Vec<&str> = new_keys.iter().map(String::as_str).collect();
    let mut config = TextDiff::configure();
    config.timeout(LONGEST);
    let mut shown = Vec::new();
    for op in config.diff_slices(&old_lines, &new_lines).ops() {
        match *op {
            DiffOp::Equal { new_index, len, .. } => {
                shown.extend(new[new_index..new_index + len].iter().map(|block| whole(block, "same")));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                shown.extend(old[old_index..old_index + old_len].iter().map(|block| whole(block, "removed")));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                shown.extend(new[new_index..new_index + new_len].iter().map(|block| whole(block, "added")));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                replaced(&old[old_index..old_index + old_len], &new[new_index..new_index + new_len], &mut shown);
            }
        }
    }
    shortened(shown)
}

fn whole(block: &Block, state: &'static str) -> Shown {
    let kind = match state {
        "removed" => "del",
        "added" => "ins",
        _ => "same",
    };
    Shown { tag: block.tag.clone(), state, parts: vec![Segment { kind, text: block.text.clone() }], skipped: 0 }
}

/// Blocks that took each other's place: pairs are compared in order.
fn replaced(old: &[Block], new: &[Block], shown: &mut Vec<Shown>) {
    let pairs = old.len().min(new.len());
    for (old, new) in old.iter().zip(new) {
        if old.text == new.text {
            let parts = vec![Segment { kind: "same", text: new.text.clone() }];
            shown.push(Shown { tag: new.tag.clone(), state: "marks", parts, skipped: 0 });
        } else if matches!(new.tag.as_str(), "img" | "iframe" | "video" | "audio") || old.tag == "img" {
            shown.extend([whole(old, "removed"), whole(new, "added")]);
        } else {
            let parts = of_text(&old.text, &new.text);
            shown.push(Shown { tag: new.tag.clone(), state: "changed", parts, skipped: 0 });
        }
    }
    shown.extend(old[pairs..].iter().map(|block| whole(block, "removed")));
    shown.extend(new[pairs..].iter().map(|block| whole(block, "added")));
}

/// Leaves out long runs of what stays.
fn shortened(shown: Vec<Shown>) -> Vec<Shown> {
    let near: Vec<bool> = (0..shown.len())
        .map(|place| {
            let from = place.saturating_sub(CONTEXT);
            let to = (place + CONTEXT + 1).min(shown.len());
            shown[from..to].iter().any(|block| block.state != "same")
        })
        .collect();
    let mut kept: Vec<Shown> = Vec::new();
    for (block, near) in shown.into_iter().zip(near) {
        match kept.last_mut() {
            _ if near => kept.push(block),
            Some(last) if last.state == "skipped" => last.skipped += 1,
            _ => kept.push(Shown { tag: String::new(), state: "skipped", parts: Vec::new(), skipped: 1 }),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{of_html, of_text};

    #[test]
    fn words_that_go_and_come_are_marked() {
        let told: Vec<(&str, String)> = of_text("A kitchen that beats the dark", "A kitchen that keeps the dark")
            .into_iter()
            .map(|segment| (segment.kind, segment.text))
            .collect();
        let expected = [("same", "A kitchen that "), ("del", "beats"), ("ins", "keeps"), ("same", " the dark")];
        assert_eq!(told, expected.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn neighbouring_changes_are_one() {
        let told: Vec<(&str, String)> =
            of_text("one two three", "four five three").into_iter().map(|one| (one.kind, one.text)).collect();
        let expected = [("del", "one two"), ("ins", "four five"), ("same", " three")];
        assert_eq!(told, expected.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn rich_text_is_compared_by_block_and_what_stays_is_shortened() {
        let same = "<p>one</p><p>two</p><p>three</p>";
        let shown = of_html(&format!("{same}<p>old words</p>"), &format!("{same}<p>new words</p><ul><li>x</li></ul>"));
        let told: Vec<(&str, &str, usize)> =
            shown.iter().map(|block| (block.state, block.tag.as_str(), block.skipped)).collect();
        assert_eq!(told, [("skipped", "", 2), ("same", "p", 0), ("changed", "p", 0), ("added", "li", 0)]);
    }

    #[test]
    fn bold_alone_is_told() {
        let shown = of_html("<p>a b</p>", "<p>a <b>b</b></p>");
        assert_eq!(shown[0].state, "marks");
    }
}
