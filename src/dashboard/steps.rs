//! The first steps that Home shows until somebody does not want to see them any more.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use serde::Serialize;

use super::error::Refused;
use super::guard::Signed;
use super::{Dashboard, address};
use crate::account::{Right, User};
use crate::content::settings::Settings;
use crate::content::setup::Setup;
use crate::store::Read;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Step {
    title: &'static str,
    text: &'static str,
    href: &'static str,
    icon: &'static str,
    done: bool,
}

/// Its routes.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/steps/hide", post(hide))
}

/// The first steps for a person, as `templates/home/steps.html` shows them; none for those who do not want them or
/// can take none.
pub(super) fn first_steps(read: &Read<'_>, user: &User) -> Result<Vec<Step>, Refused> {
    if !user.guided {
        return Ok(Vec::new());
    }
    let settings = Settings::read(&read.settings()?);
    let mut steps = Vec::new();
    let mut add = |right, title, text, href, icon, done| {
        if user.may(right) {
            steps.push(Step { title, text, href, icon, done });
        }
    };
    if read.setup()? != Setup::Done {
        let text = "You have not come to the end of it yet.";
        add(Right::People, "Finish setting up", text, address::SETUP, "rocket", false);
    }
    let invited = read.users()?.len() > 1 || !read.invitations()?.is_empty();
    let text = "They get a link, and a role that says what they may do.";
    add(Right::People, "Invite a colleague", text, address::PEOPLE, "user-plus", invited);
    let text = "Readers get it at once, also from the cache.";
    add(Right::Publish, "Publish something", text, "/admin/c/posts/new", "send", read.has_published()?);
    let text = "Then Preview shows drafts on your own site.";
    let known = settings.preview_url.is_some();
    add(Right::Build, "Set the preview address", text, "/admin/settings#preview", "eye", known);
    let text = "One command makes an archive of everything.";
    add(Right::Build, "Set up a backup", text, address::BACKUP, "database", read.exported()?.is_some());
    Ok(steps)
}

async fn hide(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    let (id, signature) = (signed.user.id, signed.signature());
    dashboard.change(move |authoring| authoring.change_preferences(id, |user| user.guided = false, signature)).await?;
    Ok(Redirect::to(address::HOME).into_response())
}
