//! Pages for people who are not signed in yet: one card in the middle.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use minijinja::{Value, context};

use super::Dashboard;
use super::cookie;
use super::error::Refused;

/// Such a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entrance {
    /// Its template, below `templates/`.
    pub(super) template: &'static str,
    /// What it is called.
    pub(super) title: &'static str,
    /// Whether its card is wide.
    pub(super) roomy: bool,
}

impl Dashboard {
    /// Shows the page. It comes without the site's name when the database does not answer.
    pub(super) async fn entrance(
        &self,
        entrance: Entrance,
        headers: &HeaderMap,
        status: StatusCode,
        shown: Value,
    ) -> Result<Response, Refused> {
        let named = self.read(|read| Ok(crate::content::settings::Settings::read(&read.settings()?).site_name)).await;
        let frame = context! {
            site => context! { name => named.unwrap_or_default() },
            page => context! { title => entrance.title, roomy => entrance.roomy },
            theme => cookie::theme(headers).as_str(),
        };
        let mut response = self.view.bare(entrance.template, context! { ..shown, ..frame })?;
        *response.status_mut() = status;
        Ok(response)
    }
}
