//! The lines of a checklist as they are gathered.

use super::{Line, Severity};

/// What was found.
#[derive(Default)]
pub(super) struct Findings {
    lines: Vec<Line>,
}

impl Findings {
    /// Something that is wrong with a field.
    pub(super) fn add(&mut self, severity: Severity, path: &str, labels: &[String], text: impl Into<String>) {
        self.lines.push(Line {
            ok: false,
            severity,
            text: text.into(),
            label: Some(labels.join(", ")).filter(|label| !label.is_empty()),
            path: Some(path.into()),
        });
    }

    /// Something that was looked at and is well.
    pub(super) fn ok(&mut self, text: &str) {
        self.lines.push(Line { ok: true, severity: Severity::Ok, text: text.into(), label: None, path: None });
    }

    /// How many lines there are.
    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// All lines, the worst first.
    pub(super) fn into_lines(mut self) -> Vec<Line> {
        self.lines.sort_by_key(|line| line.severity);
        self.lines
    }
}
