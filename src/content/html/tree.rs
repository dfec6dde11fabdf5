//! HTML as browsers read it: a tree, from which dangerous parts are cut.

use std::collections::{BTreeSet, VecDeque};

use html5ever::serialize::{SerializeOpts, TraversalScope, serialize};
use html5ever::tendril::TendrilSink as _;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_document, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};

use super::danger::{Around, Danger, Verdict, judge, judge_attribute};
use super::{Cleaner, css};

/// Stands behind a text to see whether what follows it would still be read as what it is.
const END: &str = "larder-end";

/// A text that was read.
pub(super) struct Tree {
    root: Handle,
    /// Empties every node when it is dropped, whoever else holds one.
    _dom: RcDom,
    finished: bool,
}

fn options(scripting_enabled: bool) -> ParseOpts {
    ParseOpts { tree_builder: TreeBuilderOpts { scripting_enabled, ..Default::default() }, ..Default::default() }
}

impl Tree {
    /// Reads a piece of a page, and finds out whether its last tag is finished.
    pub(super) fn read(html: &str) -> Self {
        let mut tree = Self::fragment(&format!("{html}<{END}>"), true);
        tree.finished = tree.take_end();
        tree
    }

    /// Reads a piece of a page after which nothing follows.
    pub(super) fn read_whole(html: &str) -> Self {
        Self::fragment(html, true)
    }

    /// Reads a piece of a page as browsers do in which scripting is off.
    pub(super) fn read_unscripted(html: &str) -> Self {
        Self::fragment(html, false)
    }

    /// Reads it inside a page, whose own tags it may repeat.
    pub(super) fn read_page(html: &str) -> Self {
        let page = format!("<!DOCTYPE html><html><head></head><body>{html}");
        let dom = parse_document(RcDom::default(), options(true)).one(page);
        Self { root: dom.document.clone(), _dom: dom, finished: true }
    }

    fn fragment(html: &str, scripting: bool) -> Self {
        let context = QualName::new(None, ns!(html), local_name!("div"));
        let dom = parse_fragment(RcDom::default(), options(scripting), context, Vec::new(), scripting).one(html);
        let root = dom.document.children.borrow().first().cloned().unwrap_or_else(|| dom.document.clone());
        Self { root, _dom: dom, finished: true }
    }

    /// Whether what follows the text is read as if it stood alone.
    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    /// Removes the mark; false when it was read as part of something else.
    fn take_end(&mut self) -> bool {
        let mut found = false;
        self.visit(&mut |node| {
            node.children.borrow_mut().retain(|child| {
                let is_end = element_name(child).is_some_and(|name| name == END);
                if is_end {
                    found = true;
                }
                !is_end
            });
        });
        found
    }

    /// Cuts every element with one of these names.
    pub(super) fn drop_all(&mut self, names: &[&str]) {
        self.visit(&mut |node| {
            node.children
                .borrow_mut()
                .retain(|child| !element_name(child).is_some_and(|name| names.contains(&name.as_str())));
        });
    }

    fn visit(&self, look: &mut dyn FnMut(&Handle)) {
        let mut waiting = vec![self.root.clone()];
        while let Some(node) = waiting.pop() {
            lift_template(&node);
            look(&node);
            waiting.extend(node.children.borrow().iter().cloned());
        }
    }

    /// Cuts what is dangerous and notes what it was.
    pub(super) fn prune(&mut self, cleaner: &Cleaner, found: &mut BTreeSet<Danger>) {
        let mut waiting = vec![(self.root.clone(), Around::default())];
        prune_attributes(&self.root, Around::default(), found);
        while let Some((node, around)) = waiting.pop() {
            lift_template(&node);
            let mut queue: VecDeque<Handle> = node.children.take().into();
            let mut kept = Vec::with_capacity(queue.len());
            while let Some(child) = queue.pop_front() {
                match verdict(&child, around, cleaner) {
                    Verdict::Drop(danger) => {
                        found.insert(danger);
                    }
                    Verdict::Unwrap(danger) => {
                        found.insert(danger);
                        lift_template(&child);
                        child.children.take().into_iter().rev().for_each(|inner| queue.push_front(inner));
                    }
                    Verdict::Keep => {
                        prune_attributes(&child, around, found);
                        waiting.push((child.clone(), inside(&child, around)));
                        kept.push(child);
                    }
                }
            }
            *node.children.borrow_mut() = kept;
        }
    }

    /// The tree as HTML.
    pub(super) fn print(&self) -> String {
        let mut printed = Vec::new();
        let options = SerializeOpts {
            scripting_enabled: true,
            traversal_scope: TraversalScope::ChildrenOnly(None),
            create_missing_parent: false,
        };
        // Memory does not refuse to be written to.
        let _ = serialize(&mut printed, &SerializableHandle::from(self.root.clone()), options);
        String::from_utf8(printed).unwrap_or_default()
    }
}

/// What a template holds stands in a tree of its own: here it is like any content.
fn lift_template(node: &Handle) {
    if let NodeData::Element { template_contents, .. } = &node.data
        && let Some(contents) = template_contents.take()
    {
        node.children.borrow_mut().extend(contents.children.take());
    }
}

fn element_name(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } => Some(name.local.to_ascii_lowercase().to_string()),
        _ => None,
    }
}

fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attrs = attrs.borrow();
    attrs.iter().find(|attr| (*attr.name.local).eq_ignore_ascii_case(wanted)).map(|attr| attr.value.to_string())
}

fn text_in(node: &Handle) -> String {
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            // In SVG, styles hold markup.
            NodeData::Element { .. } => text.push_str(&text_in(child)),
            _ => {}
        }
    }
    text
}

fn verdict(node: &Handle, around: Around, cleaner: &Cleaner) -> Verdict {
    match &node.data {
        NodeData::Element { .. } => {
            let name = element_name(node).unwrap_or_default();
            // What stands in it is text to browsers with scripting and markup to those without.
            if name == "noscript" && cleaner.clean(&text_in(node)).is_some() {
                return Verdict::Drop(Danger::Unreadable);
            }
            judge(&name, |wanted| attribute(node, wanted), || text_in(node), around, &cleaner.frames)
        }
        _ => Verdict::Keep,
    }
}

fn prune_attributes(node: &Handle, around: Around, found: &mut BTreeSet<Danger>) {
    let NodeData::Element { attrs, .. } = &node.data else { return };
    attrs.borrow_mut().retain_mut(|attr| match judge_attribute(&attr.name.local, &attr.value, around) {
        None => true,
        Some((danger, instead)) => {
            found.insert(danger);
            match instead {
                Some(value) => {
                    attr.value = value.into();
                    true
                }
                None => false,
            }
        }
    });
}

fn inside(node: &Handle, around: Around) -> Around {
    Around {
        positioned: around.positioned || attribute(node, "style").is_some_and(|style| css::positions(&style)),
        in_select: around.in_select || element_name(node).is_some_and(|name| name == "select"),
    }
}
