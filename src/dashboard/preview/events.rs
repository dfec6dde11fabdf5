//! `GET /preview-events?token=`: tells a site that shows a draft when the draft has changed.
//!
//! The database is watched instead of the saves, so that those of other processes are noticed too.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body::{Frame, SizeHint};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::auth;
use crate::authoring::{now, status};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::presence::COME_BACK;
use crate::store::{Error, Store, Watch};

/// How often the database is looked at: a look costs microseconds when nothing has changed.
const EVERY: Duration = Duration::from_millis(250);
/// How long a connection may be silent: proxies close those that are.
const SILENCE: Duration = Duration::from_secs(15);
/// Proxies that gather answers before they pass them on are told not to.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Who listens.
#[derive(Debug, Deserialize)]
pub(in crate::dashboard) struct Listening {
    #[serde(default)]
    token: String,
}

/// Opens the stream: `ready`, then `change` with the new revision for each save, and `end` when the key does
/// not open the draft any more.
pub(in crate::dashboard) async fn listen(
    State(dashboard): State<Dashboard>,
    Query(Listening { token }): Query<Listening>,
) -> Response {
    match open(&dashboard, token).await {
        Ok(response) => response,
        Err(refused) => open_to_all(refused.into_response()),
    }
}

async fn open(dashboard: &Dashboard, token: String) -> Result<Response, Refused> {
    if dashboard.listeners.is_closed() {
        // The process ends. A browser comes back after the end of a stream, and never after an error.
        return Ok(streamed(Body::from(COME_BACK)));
    }
    let place = dashboard.listeners.clone().try_acquire_owned().map_err(|_| {
        let text = "Too many previews are open at once. Close some, and load this one again.";
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, "busy", text)
    })?;
    let hash = auth::hash(&token);
    let wanted = hash.clone();
    let state = dashboard.read(move |read| Ok(state(read, &wanted)?)).await?;
    let state = state.ok_or_else(|| {
        Refused::new(StatusCode::UNAUTHORIZED, "ended", "This preview has ended. Open it again from the dashboard.")
    })?;
    let (sender, receiver) = channel(8);
    let following = Following { dashboard: dashboard.clone(), hash, seen: state, sender, _place: place };
    tokio::spawn(following.run());
    Ok(streamed(Body::new(Events(receiver))))
}

/// A stream of events.
fn streamed(body: Body) -> Response {
    let mut response = open_to_all(body.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

/// The site is another origin. The token in the address is all it takes, so every origin may listen.
fn open_to_all(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// What a listener is told.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Draft {
    rev: Option<i64>,
    status: &'static str,
}

/// How the draft is; `None` when the key does not open it any more.
fn state(read: &crate::store::Read<'_>, hash: &str) -> Result<Option<Draft>, Error> {
    let Some(preview) = read.preview(hash)?.filter(|preview| preview.ends > now()) else { return Ok(None) };
    let entry = read.entry(preview.entry)?.filter(|entry| entry.deleted.is_none());
    let Some(entry) = entry else { return Ok(None) };
    let variant = read.variant(entry.id, preview.locale)?;
    let rev = variant.as_ref().and_then(|variant| variant.draft.or(variant.live)).map(|rev| rev.0);
    Ok(Some(Draft { rev, status: status(variant.as_ref()) }))
}

/// A draft being followed for one listener.
struct Following {
    dashboard: Dashboard,
    hash: String,
    seen: Draft,
    sender: Sender<Bytes>,
    /// Held as long as it listens.
    _place: OwnedSemaphorePermit,
}

impl Following {
    async fn run(mut self) {
        let mut watch = self.dashboard.store.watch();
        let mut spoken = Instant::now();
        let mut checked = Instant::now();
        if !self.tell("ready").await {
            return;
        }
        loop {
            tokio::select! {
                () = self.sender.closed() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if self.dashboard.listeners.is_closed() {
                // The process ends.
                let _ = self.sender.send(Bytes::from_static(COME_BACK)).await;
                return;
            }
            // A key ends by itself, without a change.
            let due = checked.elapsed() >= SILENCE;
            let looked = self.look(&mut watch, due).await;
            if due {
                checked = Instant::now();
            }
            match looked {
                Looked::Same => {}
                Looked::Changed(state) => {
                    self.seen = state;
                    spoken = Instant::now();
                    if !self.tell("change").await {
                        return;
                    }
                }
                Looked::Ended => {
                    self.tell("end").await;
                    return;
                }
            }
            if spoken.elapsed() >= SILENCE {
                spoken = Instant::now();
                if self.sender.send(Bytes::from_static(b": still here\n\n")).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Sends an event; false when nobody listens any more.
    async fn tell(&self, event: &str) -> bool {
        let data = json!({"rev": self.seen.rev, "status": self.seen.status});
        self.sender.send(Bytes::from(format!("event: {event}\ndata: {data}\n\n"))).await.is_ok()
    }

    async fn look(&self, watch: &mut Watch, anyway: bool) -> Looked {
        let (store, hash) = (self.dashboard.store.clone(), self.hash.clone());
        let mut own = std::mem::take(watch);
        let looked = self.dashboard.work.run(move || {
            let state = changed_state(&store, &mut own, &hash, anyway);
            (own, state)
        });
        // Without room or a database, the next look tells.
        let Ok((own, state)) = looked.await else { return Looked::Same };
        *watch = own;
        match state {
            Ok(None) => Looked::Same,
            Ok(Some(None)) => Looked::Ended,
            Ok(Some(Some(state))) if state == self.seen => Looked::Same,
            Ok(Some(Some(state))) => Looked::Changed(state),
            Err(_) => {
                watch.forget();
                Looked::Same
            }
        }
    }
}

/// What a look found.
enum Looked {
    Same,
    Changed(Draft),
    Ended,
}

/// How the draft is, if the database has changed since the last look; the inner `None` when the key has ended.
fn changed_state(store: &Store, watch: &mut Watch, hash: &str, anyway: bool) -> Result<Option<Option<Draft>>, Error> {
    if !watch.changed(store)? && !anyway {
        return Ok(None);
    }
    store.read(|read| state(read, hash)).map(Some)
}

/// A body that goes on as long as somebody sends.
struct Events(Receiver<Bytes>);

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
