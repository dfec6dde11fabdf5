//! `/admin/welcome`: how a website asks for the site's content, and a light that turns green when it does.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::{Value, context};
use serde::Deserialize;

use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::view::Screen;
use super::{Dashboard, address};
use crate::account::{Access, ApiToken, Right};
use crate::authoring::SITE_TOKEN;
use crate::content::setup::Setup;
use crate::store::Read;

const SCREEN: Screen = Screen { template: "welcome/page.html", section: Section::Elsewhere };
const WHAT: &str = "see the tokens of the site";

/// The ways to ask, with what people call them.
const WAYS: [(&str, &str); 7] = [
    ("next", "Next.js"),
    ("astro", "Astro"),
    ("nuxt", "Nuxt"),
    ("svelte", "SvelteKit"),
    ("remix", "Remix"),
    ("fetch", "fetch"),
    ("curl", "curl"),
];

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(address::WELCOME, get(show).post(finish))
        .route("/admin/welcome/light", get(light))
        .route("/admin/welcome/token", post(make_token))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default, rename = "for")]
    way: String,
}

/// The token that the page shows: the one made for the website, else the oldest that reads.
fn site_token(read: &Read<'_>) -> Result<Option<ApiToken>, Refused> {
    let mut readable: Vec<ApiToken> = read.tokens()?;
    readable.retain(|token| token.access == Access::Read && token.secret.is_some());
    readable.sort_by_key(|token| (token.name != SITE_TOKEN, token.id));
    Ok(readable.into_iter().next())
}

async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let (url, tokens) = (dashboard.delivery.public_url().to_owned(), dashboard.tokens.clone());
    let owner = signed.user.may(Right::People);
    dashboard
        .screen(&signed, SCREEN, move |read| {
            let token = site_token(read)?;
            let seen = token.as_ref().is_some_and(|token| tokens.was_seen(token.id));
            let known = WAYS.iter().any(|(key, _)| *key == asked.way);
            let ways: Vec<Value> = WAYS.iter().map(|(key, label)| context! { key => *key, label => *label }).collect();
            Ok(context! {
                url,
                seen,
                ways,
                current => if known { asked.way.as_str() } else { WAYS[0].0 },
                token => token.map(|token| context! { name => token.name, secret => token.secret }),
                unfinished => owner && read.setup()? == Setup::Show,
            })
        })
        .await
}

/// The light by itself, which asks again until it is green.
async fn light(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, WHAT)?;
    let token = dashboard.read(site_token).await?;
    let seen = token.is_some_and(|token| dashboard.tokens.was_seen(token.id));
    dashboard.view.bare("welcome/light.html", context! { seen })
}

async fn make_token(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, "make tokens")?;
    let signature = signed.signature();
    dashboard.change(move |authoring| authoring.make_site_token(signature)).await?;
    Ok(Redirect::to(address::WELCOME).into_response())
}

/// The end of setting up.
async fn finish(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::People, "set the site up")?;
    let signature = signed.signature();
    let setup = dashboard.read(|read| Ok(read.setup()?)).await?;
    if setup == Setup::Show {
        dashboard.change(move |authoring| authoring.finish_set_up(signature)).await?;
    }
    Ok(Redirect::to(address::HOME).into_response())
}
