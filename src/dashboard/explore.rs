//! `/admin/explore`: asking the API a question and looking at the answer, its headers and how long it took. The browser
//! asks, as any program would.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use minijinja::{Value, context};

use super::Dashboard;
use super::address::EXPLORE;
use super::error::Refused;
use super::guard::Signed;
use super::nav::Section;
use super::view::Screen;
use crate::account::Right;
use crate::content::schema::{Kind, Model};

const SCREEN: Screen = Screen { template: "explore.html", section: Section::Explore };

/// Its route.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route(EXPLORE, get(show))
}

async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    signed.need(Right::Build, "explore the API")?;
    let url = dashboard.delivery.public_url().to_owned();
    dashboard
        .screen(&signed, SCREEN, move |read| {
            let model = read.model();
            // Only tokens that are published anyway are handed to a page.
            let tokens = read.tokens()?.into_iter().filter(|token| !token.is_over(crate::authoring::now()));
            let tokens: Vec<Value> = tokens
                .filter_map(|token| {
                    Some(context! { secret => token.secret?, name => token.name, preview => token.preview })
                })
                .collect();
            let locales: Vec<Value> = model
                .locales
                .iter()
                .map(|locale| context! { slug => locale.slug.clone(), name => locale.name.clone() })
                .collect();
            Ok(context! { url, tokens, locales, questions => questions(model) })
        })
        .await
}

/// What can be asked: a path, with `{slug}` where one is to be named, and what people call it.
fn questions(model: &Model) -> Vec<Value> {
    let one = |path: String, label: String| context! { path, label };
    let mut questions = vec![one("/posts/".into(), "Posts".into()), one("/posts/{slug}/".into(), "A post".into())];
    for schema in &model.schemas {
        let (key, name) = (&schema.key, &schema.name);
        match schema.kind {
            Kind::Post => {}
            Kind::SinglePage => questions.push(one(format!("/pages/*/{key}/"), name.clone())),
            Kind::PageType => {
                questions.push(one(format!("/pages/{key}/"), format!("{name}: all")));
                questions.push(one(format!("/pages/{key}/{{slug}}/"), format!("{name}: one")));
            }
            Kind::Collection => {
                questions.push(one(format!("/content/{key}/"), format!("{name}: all")));
                questions.push(one(format!("/content/{key}/{{slug}}/"), format!("{name}: one, by its id")));
            }
        }
    }
    for (path, label) in [
        ("/authors/", "Authors"),
        ("/categories/", "Categories"),
        ("/tags/", "Tags"),
        ("/search/?query={slug}", "Search posts"),
        ("/pages/search/?query={slug}", "Search pages"),
        ("/redirects/", "Redirects"),
    ] {
        questions.push(one(path.into(), label.into()));
    }
    questions
}
