//! The SDK in the conformance suite; tests/clients/README.md is the protocol.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use larder_cms::{Answer, Client, Clock, Error, Event, FileStore, Limits, Reason, RedisStore, Store};
use serde_json::{json, Map, Value};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::task::JoinHandle;

const BEGIN: Duration = Duration::from_millis(1_767_225_600_000);

/// What the hooks were told.
#[derive(Default)]
struct Notes {
    log: Mutex<Vec<Value>>,
    pauses: Mutex<Vec<Value>>,
    stale: Mutex<Vec<Value>>,
}

fn note(list: &Mutex<Vec<Value>>, event: Value) {
    list.lock().expect("nobody panics").push(event);
}

fn take(list: &Mutex<Vec<Value>>) -> Vec<Value> {
    std::mem::take(&mut *list.lock().expect("nobody panics"))
}

/// Stands still until it is moved, and does not wait.
struct StillClock {
    /// The wall clock since 1970, and the monotonic one.
    now: Mutex<(Duration, Duration)>,
    random: f64,
    notes: Arc<Notes>,
}

impl StillClock {
    fn advance(&self, by: Duration) {
        let mut now = self.now.lock().expect("nobody panics");
        *now = (now.0 + by, now.1 + by);
    }

    fn jump(&self, milliseconds: i64) {
        let mut now = self.now.lock().expect("nobody panics");
        let by = Duration::from_millis(milliseconds.unsigned_abs());
        now.0 = if milliseconds < 0 { now.0 - by } else { now.0 + by };
    }
}

impl Clock for StillClock {
    fn wall(&self) -> SystemTime {
        UNIX_EPOCH + self.now.lock().expect("nobody panics").0
    }

    fn monotonic(&self) -> Duration {
        self.now.lock().expect("nobody panics").1
    }

    fn random(&self) -> f64 {
        self.random
    }

    fn pause(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        note(&self.notes.pauses, json!(pause.as_secs_f64() * 1000.0));
        self.advance(pause);
        Box::pin(std::future::ready(()))
    }
}

type Calls = Vec<JoinHandle<Value>>;

struct Driver {
    client: Option<Client>,
    clock: Arc<StillClock>,
    notes: Arc<Notes>,
    started: HashMap<String, Calls>,
}

impl Driver {
    fn new(random: f64) -> Self {
        let notes = Arc::new(Notes::default());
        let now = Mutex::new((BEGIN, Duration::ZERO));
        let clock = Arc::new(StillClock { now, random, notes: notes.clone() });
        Self { client: None, clock, notes, started: HashMap::new() }
    }

    async fn obey(&mut self, message: &Value) -> Value {
        let name = message["name"].as_str().unwrap_or_default();
        match message["op"].as_str().unwrap_or_default() {
            "reset" => *self = Self::new(message["random"].as_f64().unwrap_or(1.0)),
            "open" => self.open(&message["options"]),
            "close" => self.client = None,
            "call" => return outcomes(self.begin(message)).await,
            "start" => {
                let calls = self.begin(message);
                self.started.insert(name.to_owned(), calls);
            }
            "cancel" => self.started[name].iter().for_each(JoinHandle::abort),
            "wait" => return outcomes(self.started.remove(name).unwrap_or_default()).await,
            "advance" => self.clock.advance(milliseconds(&message["ms"])),
            "jump" => self.clock.jump(message["ms"].as_i64().unwrap_or_default()),
            "settle" => self.client.as_ref().expect("a client is open").settle().await,
            "events" => {
                let (log, pauses, stale) = (take(&self.notes.log), take(&self.notes.pauses), take(&self.notes.stale));
                return json!({"log": log, "pauses": pauses, "stale": stale});
            }
            other => return json!({"failed": format!("there is no op {other}")}),
        }
        json!({})
    }

    fn open(&mut self, options: &Value) {
        let (log, stale) = (self.notes.clone(), self.notes.clone());
        let mut builder = Client::builder(options["token"].as_str().unwrap_or_default())
            .base_url(texts(&options["base_urls"]))
            .clock(self.clock.clone())
            .limits(limits(options, Limits::default()))
            .on_log(move |event| note(&log.log, entry(event)))
            .on_stale(move |told| note(&stale.stale, json!({"reason": reason(told.reason), "question": told.question})));
        for (name, value) in options.as_object().into_iter().flatten() {
            builder = match name.as_str() {
                "backoff_base" => builder.backoff_base(milliseconds(value)),
                "backoff_cap" => builder.backoff_cap(milliseconds(value)),
                "retry_budget" => builder.retry_budget(value.as_f64().unwrap_or_default()),
                "retry_ratio" => builder.retry_ratio(value.as_f64().unwrap_or_default()),
                "cool_off" => builder.cool_off(milliseconds(value)),
                "cool_off_cap" => builder.cool_off_cap(milliseconds(value)),
                "fresh" => builder.fresh(milliseconds(value)),
                "stale_while_revalidate" => builder.stale_while_revalidate(milliseconds(value)),
                "stale_if_error" => builder.stale_if_error(milliseconds(value)),
                "store_timeout" => builder.store_timeout(milliseconds(value)),
                "preview" => builder.preview(value == true),
                "store" => builder.store(store(value)),
                _ => builder,
            };
        }
        self.client = Some(builder.build().expect("a client can be made"));
    }

    fn begin(&self, message: &Value) -> Calls {
        let client = self.client.clone().expect("a client is open");
        let client = client.with(limits(&message["options"], client.limits()));
        let call = || {
            let (client, message) = (client.clone(), message.clone());
            tokio::spawn(async move { outcome(call(&client, &message).await) })
        };
        (0..message["times"].as_u64().unwrap_or(1)).map(|_| call()).collect()
    }
}

async fn outcomes(calls: Calls) -> Value {
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(match call.await {
            Ok(outcome) => outcome,
            Err(ended) if ended.is_cancelled() => json!({"error": "cancelled"}),
            Err(ended) => json!({"error": "crash", "message": ended.to_string()}),
        });
    }
    json!({ "outcomes": outcomes })
}

fn outcome(result: Result<Answer, Error>) -> Value {
    match result {
        Ok(Answer { json, stale }) => json!({"body": if json == json!({}) { Value::Null } else { json }, "stale": stale}),
        Err(error) => json!({
            "error": error.kind.name(), "status": error.status, "detail": error.detail(), "tries": error.tries, "body": error.body,
            "message": error.to_string(),
        }),
    }
}

async fn call(client: &Client, message: &Value) -> Result<Answer, Error> {
    let args = &message["args"];
    let text = |place: usize| args[place].as_str().unwrap_or_default();
    let id = args[1].as_i64().unwrap_or_default();
    let spelled: Vec<(String, String)> = message["params"].as_object().unwrap_or(&Map::new()).iter().map(spell).collect();
    let params: Vec<(&str, &str)> = spelled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    match message["method"].as_str().unwrap_or_default() {
        "post.list" => client.posts().list(&params).await,
        "post.retrieve" => client.posts().retrieve(text(0), &params).await,
        "post.search" => client.posts().search(text(0), &params).await,
        "post.create" => client.posts().create(&args[0]).await,
        "post.update" => client.posts().update(text(0), &args[1]).await,
        "post.delete" => client.posts().delete(text(0)).await,
        "page.list" => client.pages().list(text(0), &params).await,
        "page.retrieve" => client.pages().retrieve(text(0), text(1), &params).await,
        "page.search" => client.pages().search(text(0), &params).await,
        "page.create" => client.pages().create(&args[0]).await,
        "page.update" => client.pages().update(text(0), text(1), &args[2]).await,
        "page.delete" => client.pages().delete(text(0), text(1)).await,
        "content.retrieve" => {
            let keys = texts(&args[0]);
            client.content().retrieve(&keys.iter().map(String::as_str).collect::<Vec<_>>(), &params).await
        }
        "content.create" => client.content().create(&args[0]).await,
        "content.update" => client.content().update(text(0), id, &args[2]).await,
        "content.delete" => client.content().delete(text(0), id).await,
        "author.list" => client.authors().list(&params).await,
        "author.retrieve" => client.authors().retrieve(text(0), &params).await,
        "category.list" => client.categories().list(&params).await,
        "category.retrieve" => client.categories().retrieve(text(0), &params).await,
        "tag.list" => client.tags().list(&params).await,
        "tag.retrieve" => client.tags().retrieve(text(0), &params).await,
        "feed.retrieve" => client.feeds().retrieve(text(0), &params).await,
        other => panic!("there is no method {other}"),
    }
}

fn spell((name, value): (&String, &Value)) -> (String, String) {
    (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn entry(event: &Event<'_>) -> Value {
    match event {
        Event::Try { server, question } => json!({"event": "try", "server": server, "question": question}),
        Event::Fault { server, kind, status } => {
            json!({"event": "fault", "server": server, "kind": kind.name(), "status": status})
        }
        Event::Pause { pause } => json!({"event": "pause", "milliseconds": pause.as_secs_f64() * 1000.0}),
        Event::Coalesced { question } => json!({"event": "coalesced", "question": question}),
        Event::Fresh { question } => json!({"event": "fresh", "question": question}),
        Event::NotModified { question } => json!({"event": "not_modified", "question": question}),
        Event::Stale { reason: why, question } => json!({"event": "stale", "reason": reason(*why), "question": question}),
        Event::StoreError { operation, message } => json!({"event": "store_error", "operation": operation, "message": message}),
        Event::RevalidateFailed { kind } => json!({"event": "revalidate_failed", "kind": kind.name()}),
        other => json!({"event": format!("{other:?}")}),
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Revalidate => "revalidate",
        Reason::Error => "error",
    }
}

fn limits(options: &Value, or: Limits) -> Limits {
    let time = |name: &str, or| options.get(name).map_or(or, milliseconds);
    let retries = options.get("retries").and_then(Value::as_u64).and_then(|retries| retries.try_into().ok());
    Limits {
        timeout: time("timeout", or.timeout),
        try_timeout: time("try_timeout", or.try_timeout),
        retries: retries.unwrap_or(or.retries),
    }
}

fn store(place: &Value) -> Option<Arc<dyn Store>> {
    if let Some(folder) = place["file"].as_str() {
        return Some(Arc::new(FileStore::new(folder)));
    }
    let address = place["redis"].as_str()?;
    Some(Arc::new(RedisStore::new(redis::Client::open(address).expect("an address of Redis"))))
}

fn milliseconds(value: &Value) -> Duration {
    Duration::from_secs_f64(value.as_f64().unwrap_or_default() / 1000.0)
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[tokio::main]
async fn main() {
    let mut driver = Driver::new(1.0);
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let message: Value = serde_json::from_str(&line).expect("a line is JSON");
        let mut answer = driver.obey(&message).await;
        answer["id"] = message["id"].clone();
        println!("{answer}");
    }
}
