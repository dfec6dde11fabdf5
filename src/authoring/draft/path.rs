//! Where a value stands in an entry: `hero.cta.label`, `body[k3f9].links[q1].url`.

use std::fmt;

/// The path of a title or name.
pub(super) const TITLE: &str = "@title";
/// The path of a URL name.
pub(super) const SLUG: &str = "@slug";

/// A path that was read: field keys, each perhaps with the element of the list it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
}

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) key: String,
    pub(super) element: Option<String>,
}

impl Path {
    /// Reads a path; `None` when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.split('.').map(Step::parse).collect::<Option<_>>().map(|steps| Self { steps })
    }
}

impl Step {
    fn parse(text: &str) -> Option<Self> {
        let (key, element) = match text.split_once('[') {
            Some((key, rest)) => (key, Some(rest.strip_suffix(']')?)),
            None => (text, None),
        };
        let fits = |name: &str| !name.is_empty() && !name.contains(['[', ']']);
        let step = Self { key: key.to_owned(), element: element.map(str::to_owned) };
        (fits(key) && element.is_none_or(fits)).then_some(step)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.steps.iter().enumerate() {
            if place > 0 {
                f.write_str(".")?;
            }
            f.write_str(&step.key)?;
            if let Some(element) = &step.element {
                write!(f, "[{element}]")?;
            }
        }
        Ok(())
    }
}

/// The path of a list's order, among the paths of what changed.
pub(super) fn order_of(list: &str) -> String {
    format!("{list}#")
}

/// The path of an element of a list.
pub(super) fn element_of(list: &str, id: &str) -> String {
    format!("{list}[{id}]")
}

/// Whether a change at one path is a change at the other: one of them holds the other.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let holds = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    holds(one, other) || holds(other, one)
}
