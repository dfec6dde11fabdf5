//! `?as_of=`: what readers were shown at a moment.

use serde_json::{Value, json};
use ureq::http::Request;

use crate::command::Folder;
use crate::site::{Site, header};

/// A served site, and who writes to it.
struct Then {
    site: Site,
    read: String,
    write: String,
}

/// A moment with everything that was answered at it.
struct Record {
    at: String,
    answers: Vec<(String, u16, Value)>,
}

/// What is asked at each moment: single entries, lists, filters, orders, searches, references, taxonomies, feeds.
const PATHS: [&str; 17] = [
    "/v2/posts/",
    "/v2/posts/?category_slug=trees&page_size=1",
    "/v2/posts/oak/",
    "/v2/posts/elm/",
    "/v2/posts/renamed/",
    "/v2/posts/search/?query=bark",
    "/v2/authors/?include=recent_posts",
    "/v2/categories/?include=recent_posts",
    "/v2/pages/note/?order=-text",
    "/v2/pages/note/?fields.text=first",
    "/v2/pages/note/a/",
    "/v2/pages/note/b/?levels=3",
    "/v2/pages/search/?query=first",
    "/v2/content/?keys=jars&order=-name",
    "/v2/content/jars/?fields.name=plum",
    "/v2/redirects/",
    "/v2/feeds/rss/",
];

impl Then {
    fn new() -> Self {
        let folder = Folder::new();
        folder.apply(&json!({
            "larder_schema": 1,
            "page_types": [{"key": "note", "fields": [
                {"key": "text", "type": "short_text"},
                {"key": "next", "type": "reference", "to": {"page_type": "note"}},
            ]}],
            "collections": [{"key": "jars", "label": "name", "fields": [{"key": "name", "type": "short_text"}]}],
        }));
        let read = folder.done(&["token", "add", "--kind", "read"]);
        let write = folder.done(&["token", "add", "--kind", "write"]);
        Self { site: Site::serving(folder, &[]), read, write }
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, body: &Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.site.base()))
            .header("authorization", format!("Token {}", self.write))
            .header("content-type", "application/json");
        let mut answer = self.site.send(request.body(body.to_string().into_bytes()).expect("a request"));
        let said = answer.body_mut().read_to_string().expect("text");
        assert!(answer.status().is_success(), "{method} {path}: {} {said}", answer.status());
    }

    /// Runs a command, and waits until the server shows what it has changed.
    #[track_caller]
    fn run(&self, command: &[&str]) {
        let before = self.answers("");
        self.site.folder.done(command);
        while self.answers("") == before {
            std::thread::yield_now();
        }
    }

    /// The status and JSON at a path with these words behind it.
    fn ask(&self, path: &str, more: &str, token: &str) -> (u16, Value) {
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = if more.is_empty() { path.to_owned() } else { format!("{path}{joint}{more}") };
        let mut answer = self.site.ask(&path, &[("authorization", &format!("Token {token}"))]);
        let text = answer.body_mut().read_to_string().expect("text");
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    fn answers(&self, more: &str) -> Vec<(String, u16, Value)> {
        let token = if more.is_empty() { &self.read } else { &self.write };
        PATHS
            .iter()
            .map(|path| {
                let (status, mut said) = self.ask(path, more, token);
                forget_build_times(&mut said);
                ((*path).to_owned(), status, said)
            })
            .collect()
    }

    /// What is answered now, and a moment at which that is so: what was written before is older than it by more than
    /// what is recorded to.
    fn record(&self) -> Record {
        let before = self.clock();
        let mut at = self.clock();
        while at.as_str() <= before.as_str() {
            at = self.clock();
        }
        let answers = self.answers("");
        let mut after = self.clock();
        while after.as_str() <= at.as_str() {
            after = self.clock();
        }
        Record { at, answers }
    }

    /// The time to the millisecond.
    fn clock(&self) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
        let moment = larder::content::moment::Moment::from_micros(i64::try_from(now.as_micros()).expect("a time"));
        moment.format("%Y-%m-%dT%H:%M:%S.%3fZ")
    }
}

/// Feeds say when they were made.
fn forget_build_times(said: &mut Value) {
    if let Some(feed) = said["data"].as_str() {
        let kept: Vec<&str> = feed.lines().filter(|line| !line.contains("lastBuildDate")).collect();
        said["data"] = kept.join("\n").into();
    }
}

#[test]
fn at_each_moment_the_answer_is_the_one_of_then() {
    let then = Then::new();
    let mut records = vec![then.record()];
    let mut step = |change: &dyn Fn()| {
        change();
        records.push(then.record());
    };
    let post =
        |slug: &str, title: &str| json!({"title": title, "slug": slug, "status": "published", "body": "<p>bark</p>"});
    step(&|| {
        then.send(
            "POST",
            "/v2/posts/",
            &json!({"title": "Oak", "slug": "oak", "status": "published",
        "categories": ["Trees"], "body": "<p>bark</p>"}),
        )
    });
    step(&|| then.send("POST", "/v2/posts/", &post("elm", "Elm")));
    step(&|| then.send("PATCH", "/v2/posts/oak/", &json!({"title": "The oak"})));
    step(&|| then.send("PATCH", "/v2/posts/oak/", &json!({"title": "A draft", "status": "draft"})));
    step(&|| then.run(&["publish", "post:oak"]));
    step(&|| then.run(&["unpublish", "post:elm"]));
    step(&|| then.run(&["publish", "post:elm"]));
    step(&|| then.send("DELETE", "/v2/posts/elm/", &json!({})));
    step(&|| then.send("POST", "/v2/posts/", &post("elm", "Another elm")));
    step(&|| then.send("PATCH", "/v2/posts/oak/", &json!({"slug": "renamed"})));
    let page = |slug: &str, fields: Value| json!({"title": slug, "slug": slug, "page_type": "note", "status": "published", "fields": fields});
    step(&|| then.send("POST", "/v2/pages/", &page("a", json!({"text": "first"}))));
    step(&|| then.send("POST", "/v2/pages/", &page("b", json!({"text": "second", "next": "a"}))));
    step(&|| then.send("PATCH", "/v2/pages/note/a/", &json!({"fields": {"text": "third"}})));
    step(&|| then.send("DELETE", "/v2/pages/note/a/?anyway=1", &json!({})));
    step(&|| {
        then.send(
            "POST",
            "/v2/content/",
            &json!({"key": "jars", "status": "published", "fields": [{"name": "plum"}, {"name": "fig"}]}),
        )
    });
    step(&|| then.run(&["author", "add", "--first-name", "Ann", "--last-name", "Ash", "--email", "ann@example.com"]));
    step(&|| then.run(&["redirect", "add", "/old", "/new"]));
    step(&|| then.run(&["redirect", "add", "/old", "/newer"]));
    step(&|| then.run(&["setting", "set", "blog_title", "Barks"]));

    let different = records.windows(2).filter(|pair| pair[0].answers != pair[1].answers).count();
    assert_eq!(different, records.len() - 1, "each step shows somewhere");
    for (number, record) in records.iter().enumerate().rev() {
        let answers = then.answers(&format!("as_of={}", record.at));
        for (now, was) in answers.iter().zip(&record.answers) {
            assert_eq!(now, was, "step {number}, {}", record.at);
        }
    }
}

#[test]
fn looking_back_is_kept_by_nobody_and_only_for_those_who_may() {
    let then = Then::new();
    then.send("POST", "/v2/posts/", &json!({"title": "Oak", "slug": "oak", "status": "published"}));
    let at = then.record().at;
    let path = format!("/v2/posts/oak/?as_of={at}");
    let by = |token: &str| format!("Token {token}");
    let answer = then.site.ask(&path, &[("authorization", &by(&then.write))]);
    assert_eq!(answer.status(), 200);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("larder-history", "recorded"),
        ("surrogate-key", ""),
        ("surrogate-control", ""),
    ] {
        assert_eq!(header(&answer, name), value, "{name}");
    }
    assert!(header(&answer, "larder-as-of").starts_with(&at[..19]), "{:?}", answer.headers());
    // Neither the answer nor the address is remembered.
    then.send("PATCH", "/v2/posts/oak/", &json!({"title": "The oak"}));
    for _ in 0..2 {
        assert_eq!(then.ask(&path, "", &then.write).1["data"]["title"], "Oak");
        assert_eq!(then.ask("/v2/posts/oak/", "", &then.read).1["data"]["title"], "The oak");
    }
    for refused in [by(&then.read), String::new()] {
        let token = format!("{path}&auth_token={}", then.write);
        let headers = if refused.is_empty() { vec![] } else { vec![("authorization", refused.as_str())] };
        assert_eq!(then.site.ask(&token, &headers).status(), 403, "{refused}");
    }
    for (wrong, said) in [
        ("as_of=soon", "Invalid as_of parameter"),
        ("as_of=", "Invalid as_of parameter"),
        ("as_of=2999-01-01", "not come yet"),
        ("as_of=2026-01-01&preview=1", "preview"),
    ] {
        let (status, answer) = then.ask("/v2/posts/", wrong, &then.write);
        assert!(
            status == 400 && answer["detail"].as_str().is_some_and(|text| text.contains(said)),
            "{wrong}: {answer}"
        );
    }
    // Before the site was made there was nothing, and nothing was recorded.
    let answer = then.site.ask("/v2/posts/?as_of=2001-01-01", &[("authorization", &by(&then.write))]);
    assert_eq!((answer.status().as_u16(), header(&answer, "larder-history")), (200, "reconstructed"));
    assert_eq!(then.ask("/v2/posts/", "as_of=2001-01-01", &then.write).1["meta"]["count"], 0);
}
