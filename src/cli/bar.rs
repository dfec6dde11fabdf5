//! A bar on the terminal for long work; nothing where nobody looks.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::replica::Progress;

/// A bar on standard error.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar that says what is done.
    pub(super) fn saying(what: &'static str) -> Self {
        // Draws only on a terminal.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style =
            ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {binary_bytes_per_sec}, {eta} left");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, total: u64) {
        self.0.reset();
        self.0.set_length(total);
    }

    fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
