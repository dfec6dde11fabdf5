//! A change of the model while it is carried out: it goes on when the browser leaves the page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::{Value, context};

use super::{MODEL, RUNNING, need, words};
use crate::authoring::{Authoring, Error, Plan, Progress};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::nav::Section;
use crate::dashboard::notes::Note;
use crate::dashboard::view::Screen;

const SCREEN: Screen = Screen { template: "model/running.html", section: Section::Model };
/// How long a form waits for its change before it shows how far it has come.
const PATIENCE: Duration = Duration::from_secs(2);

/// The change that is carried out, and what became of the last one. One at a time: they exclude each other anyway.
#[derive(Default)]
pub(in crate::dashboard) struct Running(Mutex<Option<Change>>);

/// One change.
#[derive(Clone)]
struct Change {
    by: i64,
    name: String,
    progress: Arc<Progress>,
    /// What became of it; `None` while it runs.
    outcome: Option<Result<String, String>>,
}

impl Running {
    /// Whether one is under way.
    pub(in crate::dashboard) fn runs(&self) -> bool {
        self.lock().as_ref().is_some_and(|change| change.outcome.is_none())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Change>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries out a change on a task of its own. What takes no longer than a moment is answered with its end.
pub(super) async fn begin(
    dashboard: &Dashboard,
    signed: &Signed,
    change: impl FnOnce(&Authoring, Arc<Progress>) -> Result<Plan, Error> + Send + 'static,
) -> Result<Response, Refused> {
    let progress = Arc::new(Progress::default());
    {
        let mut running = dashboard.model.lock();
        if let Some(other) = running.as_ref().filter(|change| change.outcome.is_none()) {
            let message =
                format!("{} is changing the model right now. Wait until that has ended, then save again.", other.name);
            return Err(Refused::new(axum::http::StatusCode::CONFLICT, "busy", message));
        }
        let (by, name) = (signed.user.id, signed.user.name.clone());
        *running = Some(Change { by, name, progress: progress.clone(), outcome: None });
    }
    let at_work = dashboard.clone();
    let task = tokio::spawn(async move {
        let done = at_work.change(move |authoring| change(authoring, progress)).await;
        let outcome = match done {
            Ok(plan) => Ok(told(&plan)),
            Err(refused) => Err(words::sentence(&refused.message)),
        };
        if let Some(change) = at_work.model.lock().as_mut() {
            change.outcome = Some(outcome);
        }
    });
    // Giving up waiting does not end the task.
    let _ = tokio::time::timeout(PATIENCE, task).await;
    let finished = dashboard.model.lock().as_ref().and_then(|change| change.outcome.clone());
    match finished {
        Some(Ok(said)) => Ok(dashboard.go_on(signed, MODEL, Note { detail: said, ..Note::ok("The model is saved.") })),
        _ => Ok(Redirect::to(RUNNING).into_response()),
    }
}

/// What a plan did, in a line.
fn told(plan: &Plan) -> String {
    match plan.steps.as_slice() {
        [] => "The order is changed.".into(),
        [one] => one.says.replace('`', ""),
        many => format!("{} changes are in force.", many.len()),
    }
}

/// `GET /admin/model/running`
pub(super) async fn show(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    need(&signed)?;
    let Some(change) = dashboard.model.lock().clone() else { return Ok(Redirect::to(MODEL).into_response()) };
    let shown = shown(&change, signed.user.id);
    if headers.contains_key("hx-request") {
        return Ok(axum::response::Html(dashboard.view.render("model/progress.html", shown)?).into_response());
    }
    dashboard.screen(&signed, SCREEN, move |_| Ok(shown)).await
}

fn shown(change: &Change, user: i64) -> Value {
    let (done, all) = change.progress.now();
    let (state, said) = match &change.outcome {
        None => ("runs", String::new()),
        Some(Ok(said)) => ("done", said.clone()),
        Some(Err(why)) => ("failed", why.clone()),
    };
    context! { done, all, state, said, own => change.by == user, name => change.name.clone() }
}
