//! Rendering: templates become answers.

use std::sync::Arc;

use axum::response::{Html, IntoResponse as _, Response};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, Output, State, Value, context, escape_formatter};
use rust_embed::Embed;
use serde::Serialize;

use super::assets::Assets;
use super::error::Refused;
use super::nav::{Frame, Section};

#[derive(Embed)]
#[folder = "templates/"]
struct Templates;

/// Which page is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    /// Its template, below `templates/`.
    pub(super) template: &'static str,
    /// The part of the navigation it belongs to.
    pub(super) section: Section,
}

/// The templates.
pub(super) struct View {
    environment: Environment<'static>,
}

impl View {
    /// All embedded templates.
    pub(super) fn new(assets: Arc<Assets>) -> Self {
        let mut environment = Environment::new();
        environment.set_loader(|name| {
            let file = Templates::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok());
            Ok(file)
        });
        environment
            .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_formatter(write_escaped);
        let styles = assets.clone();
        environment.add_function("asset", move |name: &str| styles.address(name));
        environment.add_function("icon", move |name: &str, size: Option<&str>| {
            // Names and sizes come from templates, never from people.
            let (space, size) = size.map_or(("", ""), |size| (" ", size));
            let file = assets.address("icons.svg");
            let icon =
                format!(r##"<svg class="ic{space}{size}" aria-hidden="true"><use href="{file}#{name}"></use></svg>"##);
            Value::from_safe_string(icon)
        });
        Self { environment }
    }

    /// A page inside the dashboard's frame. `shown` is merged over it.
    pub(super) fn page(&self, template: &str, frame: &Frame, shown: Value) -> Result<Response, Refused> {
        let context = context! { ..shown, ..Value::from(Serde(frame)) };
        Ok(Html(self.render(template, context)?).into_response())
    }

    /// A page or fragment without the frame.
    pub(super) fn bare(&self, template: &str, shown: impl Serialize) -> Result<Response, Refused> {
        Ok(Html(self.render(template, Value::from(Serde(shown)))?).into_response())
    }

    /// The text of a template.
    pub(super) fn render(&self, template: &str, shown: Value) -> Result<String, Refused> {
        let rendered = self.environment.get_template(template).and_then(|template| template.render(shown));
        rendered.map_err(|error| {
            tracing::error!(template, error = format!("{error:#}"), "a page could not be rendered");
            Refused::internal()
        })
    }
}

/// Writes a value into a page. minijinja's own escaping also spells `/` as an entity, which makes addresses,
/// and so lists, a third longer; inside quoted attributes and text these five are all that HTML needs.
fn write_escaped(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe() && *state.auto_escape() == AutoEscape::Html) else {
        return escape_formatter(out, state, value);
    };
    let mut rest = text;
    while let Some(place) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, from) = rest.split_at(place);
        let (entity, after) = match from.as_bytes()[0] {
            b'&' => ("&amp;", &from[1..]),
            b'<' => ("&lt;", &from[1..]),
            b'>' => ("&gt;", &from[1..]),
            b'"' => ("&quot;", &from[1..]),
            _ => ("&#39;", &from[1..]),
        };
        out.write_str(before)?;
        out.write_str(entity)?;
        rest = after;
    }
    Ok(out.write_str(rest)?)
}
