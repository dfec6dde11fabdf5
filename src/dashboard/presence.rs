//! Who else is looking at an entry, and what they do to it: a hint, never a lock. Kept in memory only.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use http_body::Frame;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Interval, Sleep, interval, sleep};

use super::error::Refused;
use super::guard::Signed;
use super::sight::Sight;
use super::{Dashboard, reach};
use crate::content::entry::EntryId;

/// Who has said nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(50);
/// How many entries are watched at most, and by how many tabs each.
const ROOMS: usize = 4_096;
const TABS: usize = 64;
/// How many events may wait for a slow reader. Then it is dropped, comes back and asks for the draft.
const WAITING: usize = 32;
/// Proxies close connections on which nothing happens.
const BREATH: Duration = Duration::from_secs(15);
/// A stream ends after this long, so that whoever has lost the right to it asks again.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// What streams end with when the process does: after how many milliseconds a browser connects again.
pub(super) const COME_BACK: &[u8] = b"retry: 250\n\n";
/// The longest name of a tab, and the longest path, that is taken.
const LONGEST_NAME: usize = 200;

/// A tab in which an entry is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Person {
    client: String,
    user: i64,
    name: String,
    field: Option<String>,
}

struct Tab {
    person: Person,
    heard: Instant,
    /// The number of its stream, and where that is written to.
    events: Option<(u64, Sender<Bytes>)>,
}

/// All entries that are open somewhere.
#[derive(Default)]
pub(super) struct Presence {
    rooms: Mutex<HashMap<EntryId, HashMap<String, Tab>>>,
    streams: AtomicU64,
    /// The process ends: nobody listens any more.
    ended: AtomicBool,
}

/// What a tab says of itself.
#[derive(Debug, Deserialize)]
pub(super) struct Beat {
    client: String,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    gone: bool,
}

/// Which tab listens.
#[derive(Debug, Deserialize)]
pub(super) struct Listener {
    client: String,
}

impl Presence {
    /// Tells everybody who has an entry open that something happened to it: `saved`, `published`, `deleted`.
    pub(super) fn tell(&self, id: EntryId, event: &str, data: &Value) {
        if let Some(room) = self.rooms().get_mut(&id) {
            send(room, event, data);
        }
    }

    /// Ends all streams, which the process would wait for.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        let mut rooms = self.rooms();
        for (_, events) in rooms.values().flat_map(HashMap::values).filter_map(|tab| tab.events.as_ref()) {
            // Who does not keep up comes back a little later.
            let _ = events.try_send(Bytes::from_static(COME_BACK));
        }
        rooms.clear();
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<EntryId, HashMap<String, Tab>>> {
        // A panic elsewhere leaves nothing here half done that matters.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a tab is there, and returns everybody who is.
    fn beat(&self, id: EntryId, person: Person, events: Option<(u64, Sender<Bytes>)>) -> Vec<Person> {
        let mut rooms = self.rooms();
        if rooms.len() >= ROOMS && !rooms.contains_key(&id) {
            rooms.retain(|_, room| {
                room.retain(|_, tab| tab.heard.elapsed() < SILENCE);
                !room.is_empty()
            });
            if rooms.len() >= ROOMS {
                return Vec::new();
            }
        }
        let room = rooms.entry(id).or_default();
        let before = people(room);
        room.retain(|_, tab| tab.heard.elapsed() < SILENCE);
        if let Some(tab) = room.get_mut(&person.client) {
            // A name that another person's tab has is not taken from it.
            if tab.person.user == person.user {
                tab.heard = Instant::now();
                tab.person = person;
                tab.events = events.or(tab.events.take());
            }
        } else if room.len() < TABS {
            room.insert(person.client.clone(), Tab { person, heard: Instant::now(), events });
        }
        let after = people(room);
        if before != after {
            send(room, "people", &json!(after));
        }
        after
    }

    /// Notes that a tab has gone: because it says so, or because its stream, if it is still that one, ended.
    fn leave(&self, id: EntryId, client: &str, user: i64, stream: Option<u64>) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&id) else { return };
        let is_it = |tab: &Tab| {
            let own = tab.events.as_ref().map(|(number, _)| *number);
            tab.person.user == user && stream.is_none_or(|stream| own.is_none_or(|own| own == stream))
        };
        if room.get(client).is_some_and(is_it) {
            room.remove(client);
            let left = people(room);
            send(room, "people", &json!(left));
        }
        if room.is_empty() {
            rooms.remove(&id);
        }
    }
}

fn people(room: &HashMap<String, Tab>) -> Vec<Person> {
    let mut people: Vec<Person> = room.values().map(|tab| tab.person.clone()).collect();
    people.sort_by(|one, other| one.client.cmp(&other.client));
    people
}

fn send(room: &mut HashMap<String, Tab>, event: &str, data: &Value) {
    let event = line(event, data);
    for tab in room.values_mut() {
        // Who does not keep up is cut off; the tab comes back and asks what it missed.
        if tab.events.as_ref().is_some_and(|(_, events)| events.try_send(event.clone()).is_err()) {
            tab.events = None;
        }
    }
}

/// One event as streams spell it. JSON has no line ends of its own.
fn line(event: &str, data: &Value) -> Bytes {
    format!("event: {event}\ndata: {data}\n\n").into()
}

fn checked(client: &str, field: Option<&String>) -> Result<(), Refused> {
    let fits = !client.is_empty() && client.len() <= LONGEST_NAME && field.is_none_or(|f| f.len() <= LONGEST_NAME);
    if fits { Ok(()) } else { Err(Refused::bad("A tab has a short name.")) }
}

/// `POST /admin/c/{type}/{id}/presence`: somebody is here, or goes.
pub(super) async fn beat(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    Json(beat): Json<Beat>,
) -> Result<Json<Value>, Refused> {
    checked(&beat.client, beat.field.as_ref())?;
    let id = EntryId(id);
    if beat.gone {
        dashboard.presence.leave(id, &beat.client, signed.user.id, None);
        return Ok(Json(json!({"people": []})));
    }
    let newest = newest(&dashboard, &signed, id).await?;
    let person = Person { client: beat.client, user: signed.user.id, name: signed.user.name, field: beat.field };
    let people = dashboard.presence.beat(id, person, None);
    Ok(Json(json!({"people": people, "rev": newest.0, "by": newest.1})))
}

/// `GET /admin/c/{type}/{id}/live-events`: who comes and goes, who saves and publishes.
pub(super) async fn listen(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    Path((_, id)): Path<(String, i64)>,
    Query(listener): Query<Listener>,
) -> Result<Response, Refused> {
    checked(&listener.client, None)?;
    let id = EntryId(id);
    newest(&dashboard, &signed, id).await?;
    let (sender, events) = channel(WAITING);
    let person = Person { client: listener.client, user: signed.user.id, name: signed.user.name, field: None };
    let (client, user) = (person.client.clone(), person.user);
    let number = dashboard.presence.streams.fetch_add(1, Ordering::Relaxed);
    let people = dashboard.presence.beat(id, person, Some((number, sender)));
    if dashboard.presence.ended.load(Ordering::Relaxed) {
        dashboard.presence.rooms().clear();
    }
    let first = line("people", &json!(people));
    let stream = Stream {
        first: Some(first),
        events,
        breath: interval(BREATH),
        end: Box::pin(sleep(LONGEST)),
        leaves: (dashboard.presence.clone(), id, client, user, number),
    };
    Ok(([(CONTENT_TYPE, "text/event-stream")], Body::new(stream)).into_response())
}

/// The newest revision of an entry that this person may see, and who made it.
async fn newest(dashboard: &Dashboard, signed: &Signed, id: EntryId) -> Result<(Option<i64>, Option<String>), Refused> {
    let sight = Sight::of(&signed.user);
    dashboard
        .read(move |read| {
            let entry = reach::find(read, sight, id)?;
            let locale = read.model().default_locale();
            let version = read.version(&entry, locale, sight.view(entry.creator))?;
            Ok(version.map(|version| (Some(version.revision.id.0), Some(version.revision.by))).unwrap_or_default())
        })
        .await
}

/// The body of a stream of events. When it is dropped, the tab has gone.
struct Stream {
    first: Option<Bytes>,
    events: Receiver<Bytes>,
    breath: Interval,
    end: Pin<Box<Sleep>>,
    leaves: (Arc<Presence>, EntryId, String, i64, u64),
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if let Poll::Ready(event) = self.events.poll_recv(context) {
            return Poll::Ready(event.map(|event| Ok(Frame::data(event))));
        }
        if self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        if self.breath.poll_tick(context).is_ready() {
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b":\n\n")))));
        }
        Poll::Pending
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let (presence, id, client, user, number) = &self.leaves;
        presence.leave(*id, client, *user, Some(*number));
    }
}
