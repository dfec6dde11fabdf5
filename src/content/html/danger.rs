//! What is dangerous: the list, and what becomes of each element and attribute.

use serde::Serialize;

use super::address::{is_embeddable, runs_code, runs_code_in_list};
use super::css;

/// A kind of danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// `<script>`.
    Script,
    /// `onclick` and its like.
    Handler,
    /// `javascript:` and `data:`.
    Address,
    /// `<form>`, and controls that belong to one elsewhere.
    Form,
    /// `<object>`, `<embed>`, `<applet>`.
    Object,
    /// Frames from hosts that are not allowed, and frames that bring their own page.
    Frame,
    /// Styles that load or cover something.
    Style,
    /// What changes the page around it: its base, its policy, where it leads.
    Page,
    /// A last tag that would swallow what follows it.
    Unfinished,
    /// Markup that browsers read in different ways, or too deep to be read.
    Unreadable,
}

impl Danger {
    /// What people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Script => "scripts",
            Self::Handler => "event handlers",
            Self::Address => "javascript: and data: addresses",
            Self::Form => "forms",
            Self::Object => "embedded objects",
            Self::Frame => "frames from sites that are not allowed",
            Self::Style => "styles that load or cover something",
            Self::Page => "tags that change the page around it",
            Self::Unfinished => "an unfinished tag",
            Self::Unreadable => "markup that browsers read in different ways",
        }
    }
}

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    /// It goes with everything in it.
    Drop(Danger),
    /// Only its tags go.
    Unwrap(Danger),
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// Inside something that absolute positions relate to.
    pub(super) positioned: bool,
    pub(super) in_select: bool,
}

/// Judges an element by its name and its attributes; `text` is what stands directly in it.
pub(super) fn judge(
    name: &str,
    attribute: impl Fn(&str) -> Option<String>,
    text: impl Fn() -> String,
    around: Around,
    frames: &[String],
) -> Verdict {
    // Browsers differ in what they let stand inside a select, and so in where it ends.
    if around.in_select && !matches!(name, "option" | "optgroup" | "hr") {
        return Verdict::Drop(Danger::Unreadable);
    }
    match name {
        "script" => Verdict::Drop(Danger::Script),
        "form" => Verdict::Unwrap(Danger::Form),
        "object" | "applet" => Verdict::Unwrap(Danger::Object),
        "embed" => Verdict::Drop(Danger::Object),
        "frame" | "frameset" | "portal" | "fencedframe" => Verdict::Drop(Danger::Frame),
        "iframe" if !attribute("src").is_some_and(|src| is_embeddable(&src, frames)) => Verdict::Drop(Danger::Frame),
        "style" if css::is_dangerous(&text(), false) => Verdict::Drop(Danger::Style),
        "link" if attribute("rel").is_some() => Verdict::Drop(Danger::Style),
        "meta" if attribute("http-equiv").is_some() => Verdict::Drop(Danger::Page),
        "base" => Verdict::Drop(Danger::Page),
        "plaintext" => Verdict::Unwrap(Danger::Unfinished),
        _ => Verdict::Keep,
    }
}

/// What is dangerous about an attribute, and what to write instead: `None` for nothing at all.
pub(super) fn judge_attribute(name: &str, value: &str, around: Around) -> Option<(Danger, Option<String>)> {
    let name = name.to_ascii_lowercase();
    // `xlink:href` is read as `href`.
    let name = name.rsplit(':').next().unwrap_or_default();
    let gone = |danger| Some((danger, None));
    match name {
        _ if name.starts_with("on") => gone(Danger::Handler),
        "srcdoc" => gone(Danger::Frame),
        "form" | "formaction" => gone(Danger::Form),
        "href" | "src" | "action" | "poster" | "background" | "cite" | "longdesc" | "lowsrc" | "dynsrc" | "data"
        | "code" | "codebase" | "classid" | "profile" | "manifest" | "icon" | "to" | "from" | "by"
            if runs_code(value) =>
        {
            gone(Danger::Address)
        }
        "srcset" | "imagesrcset" | "ping" | "archive" | "values" if runs_code_in_list(value) => gone(Danger::Address),
        "style" if css::is_dangerous(value, around.positioned) => {
            Some((Danger::Style, css::without_danger(value, around.positioned)))
        }
        _ => None,
    }
}
