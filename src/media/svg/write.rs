//! Writing a drawing anew.

use roxmltree::{Attribute, Node, NodeType};

use super::allowed::{self, SVG, XLINK, XML};
use super::style;

/// The element `svg` at the root, with what may stay of it.
pub(super) fn drawing(root: Node<'_, '_>) -> String {
    let mut text = String::new();
    // The elements that are open, each with the child that comes next: no call lies deeper for a deeper drawing.
    let mut open = vec![(root, root.first_child())];
    start(root, true, &mut text);
    while let Some((node, next)) = open.last_mut() {
        let Some(child) = *next else {
            text.push_str("</");
            text.push_str(node.tag_name().name());
            text.push('>');
            open.pop();
            continue;
        };
        *next = child.next_sibling();
        let inside = node.tag_name().name();
        match child.node_type() {
            NodeType::Text if inside == "style" => {}
            NodeType::Text => escape(child.text().unwrap_or_default(), false, &mut text),
            NodeType::Element if inside != "style" && is_known(child) => {
                start(child, false, &mut text);
                if child.tag_name().name() == "style" {
                    let css: String = child.children().filter_map(|child| child.text()).collect();
                    escape(&style::clean(&css), false, &mut text);
                }
                open.push((child, child.first_child()));
            }
            _ => {}
        }
    }
    text
}

fn is_known(node: Node<'_, '_>) -> bool {
    let name = node.tag_name();
    matches!(name.namespace(), None | Some(SVG)) && allowed::element(name.name())
}

fn start(node: Node<'_, '_>, is_root: bool, text: &mut String) {
    let name = node.tag_name().name();
    text.push('<');
    text.push_str(name);
    if is_root {
        put("xmlns", SVG, text);
        put("xmlns:xlink", XLINK, text);
    }
    for attribute in node.attributes() {
        if let Some((name, value)) = kept(name, &attribute) {
            put(name, &value, text);
        }
    }
    text.push('>');
}

/// What stays of an attribute.
fn kept<'a>(element: &str, attribute: &Attribute<'a, '_>) -> Option<(&'a str, String)> {
    let value = attribute.value();
    match (attribute.namespace(), attribute.name()) {
        (None, "href") => allowed::reference(element, value).then(|| ("href", value.to_owned())),
        (Some(XLINK), "href") => allowed::reference(element, value).then(|| ("xlink:href", value.to_owned())),
        (Some(XML), "space") => Some(("xml:space", value.to_owned())),
        (Some(XML), "lang") => Some(("xml:lang", value.to_owned())),
        (None, "style") => Some(("style", style::clean(value))),
        (None, name) if allowed::attribute(name) && allowed::value(name, value) => Some((name, value.to_owned())),
        _ => None,
    }
}

fn put(name: &str, value: &str, text: &mut String) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    escape(value, true, text);
    text.push('"');
}

fn escape(value: &str, in_attribute: bool, text: &mut String) {
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' if in_attribute => text.push_str("&quot;"),
            '\n' if in_attribute => text.push_str("&#10;"),
            '\t' if in_attribute => text.push_str("&#9;"),
            '\r' => text.push_str("&#13;"),
            c => text.push(c),
        }
    }
}
