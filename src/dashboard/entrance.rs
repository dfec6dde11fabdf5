//! Pages for people who are not signed in yet: one card in the middle, what they send, and letting them in.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::{Value, context};

use super::Dashboard;
use super::client::Client;
use super::cookie;
use super::error::Refused;
use super::form::Sent;
use crate::account::User;
use crate::auth::browser::is_own;

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

/// A form sent from such a page. One that a page of another site sent is refused.
#[derive(Clone, Debug)]
pub(super) struct Knock {
    pub(super) client: Client,
    pub(super) headers: HeaderMap,
    pub(super) sent: Sent,
}

impl FromRequest<Dashboard> for Knock {
    type Rejection = Refused;

    async fn from_request(request: Request, dashboard: &Dashboard) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let Ok(client) = Client::from_request_parts(&mut parts, dashboard).await;
        let headers = parts.headers.clone();
        // Read first: whoever is cut off while they send gets no answer.
        let sent = Sent::from_request(Request::from_parts(parts, body), dashboard).await?;
        if is_own(&headers) { Ok(Self { client, headers, sent }) } else { Err(Refused::csrf()) }
    }
}

impl Dashboard {
    /// Signs in whoever knocked, and leads them on; people who show more than a password are asked for the rest.
    pub(super) async fn let_in(&self, user: &User, knock: &Knock, to: &str) -> Result<Response, Refused> {
        if user.second.is_some() {
            return self.ask_second_step(user, knock, to);
        }
        let begun = self.begin_session(user, &knock.client, &knock.headers, "link").await?;
        begun.answer(user, Redirect::to(to).into_response())
    }

    /// As [`Self::let_in`], by the id of somebody who has just got an account or a password.
    pub(super) async fn let_in_new(&self, id: i64, knock: &Knock, to: &str) -> Result<Response, Refused> {
        let user = self.read(move |read| Ok(read.user(id)?)).await?.ok_or_else(Refused::internal)?;
        self.let_in(&user, knock, to).await
    }

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
