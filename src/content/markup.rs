//! HTML as editors write it, taken apart: what stands in it, its blocks, and a form that is safe to show.

mod blocks;
mod readable;
mod survey;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

pub use blocks::{Block, blocks};
pub use readable::readable;
pub use survey::{Anchor, Image, Survey, survey};

/// A part of HTML. Elements without content are opened and closed too.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Open { name: String, attributes: Vec<(String, String)> },
    Text(String),
    Close(String),
}

impl Piece {
    fn attribute(&self, wanted: &str) -> Option<&str> {
        let Self::Open { attributes, .. } = self else { return None };
        attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }
}

/// What is still to be told of a tree: a list of its own instead of recursion, because HTML may be nested
/// deeper than a stack is.
enum Ahead {
    Node(Handle),
    Close(String),
}

/// The parts in order, as a browser would understand them. Comments are left out.
fn pieces(html: &str) -> Vec<Piece> {
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, Vec::new(), false).one(html);
    let mut told = Vec::new();
    // A fragment's nodes stand below an `html` element of the parser's own.
    let roots = dom.document.children.borrow();
    let mut ahead: Vec<Ahead> = Vec::new();
    for root in roots.iter().rev() {
        ahead.extend(root.children.borrow().iter().rev().cloned().map(Ahead::Node));
    }
    while let Some(next) = ahead.pop() {
        let node = match next {
            Ahead::Close(name) => {
                told.push(Piece::Close(name));
                continue;
            }
            Ahead::Node(node) => node,
        };
        match &node.data {
            NodeData::Text { contents } => told.push(Piece::Text(contents.borrow().to_string())),
            NodeData::Element { name, attrs, .. } => {
                let name = name.local.to_string();
                let attributes = attrs.borrow();
                let attributes = attributes.iter().map(|one| (one.name.local.to_string(), one.value.to_string()));
                told.push(Piece::Open { name: name.clone(), attributes: attributes.collect() });
                ahead.push(Ahead::Close(name));
                ahead.extend(node.children.borrow().iter().rev().cloned().map(Ahead::Node));
            }
            _ => {}
        }
    }
    told
}

/// Text with single spaces.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn deep_nesting_is_taken_apart_too() {
        let deep = "<div>".repeat(20_000) + "x";
        assert!(pieces(&deep).contains(&Piece::Text("x".into())));
    }
}
