//! Writing: the save queue's protocol, the editing screens and uploads, against the real program.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::visitor::{Answer, Visitor, add_person};
use crate::command::Folder;
use crate::site::Site;

fn model() -> Value {
    json!({
        "larder_schema": 1,
        "components": [{"key": "hero", "name": "Hero", "fields": [
            {"key": "headline", "type": "short_text"}, {"key": "image", "type": "media"},
        ]}],
        "page_types": [{"key": "landing", "name": "Landing pages", "fields": [
            {"key": "intro", "type": "long_text", "required": true},
            {"key": "story", "type": "wysiwyg"},
            {"key": "wide", "type": "checkbox"},
            {"key": "jar", "type": "reference", "to": {"collection": "jars"}},
            {"key": "body", "type": "component_picker"},
            {"key": "faq", "type": "repeater", "fields": [{"key": "question", "type": "short_text"}]},
        ]}],
        "single_pages": [{"key": "about", "fields": [{"key": "story", "type": "html"}]}],
        "collections": [{"key": "jars", "fields": [{"key": "name", "type": "short_text"}]}],
    })
}

/// A site on which Olga owns, Eva edits, Wim writes and Vera reads.
fn staffed() -> Site {
    let folder = Folder::new();
    folder.apply(&model());
    for (name, role) in [("olga", "owner"), ("eva", "editor"), ("wim", "writer"), ("vera", "viewer")] {
        add_person(&folder, &format!("{name}@example.com"), role);
    }
    Site::serving(folder, &[])
}

fn visitor<'s>(site: &'s Site, name: &str) -> Visitor<'s> {
    Visitor::signed_in(site, &format!("{name}@example.com"))
}

/// A tab's saves, counted.
struct Tab {
    client: String,
    seq: i64,
    base: Value,
}

impl Tab {
    fn named(client: &str) -> Self {
        Self { client: format!("{client}12345678"), seq: 0, base: Value::Null }
    }

    fn body(&mut self, ops: Value) -> String {
        self.seq += 1;
        json!({"base": self.base, "client": self.client, "seq": self.seq, "follow_slug": true, "ops": ops}).to_string()
    }

    #[track_caller]
    fn begin(&mut self, who: &mut Visitor<'_>, kind: &str, ops: Value) -> Value {
        let body = self.body(ops);
        let answer = json_to(who, "POST", &format!("/admin/c/{kind}/draft"), body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.base = answer.json()["rev"].clone();
        answer.json()
    }

    #[track_caller]
    fn save(&mut self, who: &mut Visitor<'_>, page: &str, ops: Value) -> Value {
        let body = self.body(ops);
        let answer = json_to(who, "PATCH", &format!("{page}/draft"), body);
        assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
        self.base = answer.json()["rev"].clone();
        answer.json()
    }
}

fn json_to(who: &mut Visitor<'_>, method: &str, path: &str, body: String) -> Answer {
    let csrf = who.csrf.clone();
    let headers =
        [("accept", "application/json"), ("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
    who.send(method, path, &headers, body)
}

fn set(path: &str, value: impl Into<Value>) -> Value {
    json!({"op": "set", "path": path, "value": value.into()})
}

/// A page that was begun, with its address.
fn page(who: &mut Visitor<'_>, tab: &mut Tab) -> String {
    let made = tab.begin(who, "p.landing", json!([set("@title", "Winter")]));
    format!("/admin/c/p.landing/{}", made["id"])
}

fn draft(who: &mut Visitor<'_>, page: &str) -> Value {
    json_to(who, "GET", &format!("{page}/draft"), String::new()).json()
}

#[test]
fn a_draft_is_begun_saved_merged_and_contested() {
    let site = staffed();
    let (mut eva, mut olga) = (visitor(&site, "eva"), visitor(&site, "olga"));
    let (mut hers, mut other) = (Tab::named("eva"), Tab::named("olga"));
    let page = page(&mut eva, &mut hers);
    other.base = hers.base.clone();
    let saved = hers.save(&mut eva, &page, json!([set("intro", "It is dark outside.")]));
    assert_eq!((&saved["slug"], &saved["status"]), (&json!("winter"), &json!("draft")));
    let merged = other.save(&mut olga, &page, json!([set("story", "<p>Warm oak</p>")]));
    assert_eq!(merged["theirs"][0]["path"], "intro");
    let contested = hers.save(&mut eva, &page, json!([set("story", "<p>Cold steel</p>"), set("wide", true)]));
    assert_eq!(contested["conflicts"][0]["theirs"], "<p>Warm oak</p>");
    assert_eq!(contested["conflicts"][0]["by"], "olga");
    let shown = draft(&mut eva, &page);
    assert_eq!((&shown["values"]["wide"], &shown["values"]["intro"]), (&json!(true), &json!("It is dark outside.")));
    assert_eq!(shown["rev"], contested["rev"]);
}

#[test]
fn the_same_request_gets_the_same_answer_also_after_a_restart() {
    let mut site = staffed();
    let mut tab = Tab::named("eva");
    let (page, body, first) = {
        let mut eva = visitor(&site, "eva");
        let page = page(&mut eva, &mut tab);
        let body = tab.body(json!([set("intro", "مرحبا 🫙 \u{202e}abc")]));
        let first = json_to(&mut eva, "PATCH", &format!("{page}/draft"), body.clone());
        (page, body, first)
    };
    site.restart();
    let mut eva = visitor(&site, "eva");
    let again = json_to(&mut eva, "PATCH", &format!("{page}/draft"), body);
    assert_eq!((again.status, again.text), (200, first.text));
    assert_eq!(draft(&mut eva, &page)["values"]["intro"], "مرحبا 🫙 \u{202e}abc");
}

#[test]
fn without_the_session_and_its_word_nothing_is_saved() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let mut tab = Tab::named("eva");
    let page = page(&mut eva, &mut tab);
    let word = std::mem::replace(&mut eva.csrf, "from an earlier sign-in".into());
    let body = tab.body(json!([set("intro", "x")]));
    let refused = json_to(&mut eva, "PATCH", &format!("{page}/draft"), body.clone());
    assert_eq!((refused.status, &refused.json()["error"]), (403, &json!("csrf")));
    let nobody = json_to(&mut Visitor::new(&site), "PATCH", &format!("{page}/draft"), body.clone());
    assert_eq!((nobody.status, &nobody.json()["error"]), (401, &json!("signin")));
    eva.csrf = word;
    assert_eq!(json_to(&mut eva, "PATCH", &format!("{page}/draft"), body).status, 200);
}

#[test]
fn writers_write_their_own_and_viewers_see_no_draft() {
    let site = staffed();
    let (mut eva, mut wim, mut vera) = (visitor(&site, "eva"), visitor(&site, "wim"), visitor(&site, "vera"));
    let hers = page(&mut eva, &mut Tab::named("eva"));
    let mut tab = Tab::named("wim");
    let own = page(&mut wim, &mut tab);
    tab.save(&mut wim, &own, json!([set("intro", "mine")]));
    for who in [&mut wim, &mut vera] {
        for path in [hers.clone(), format!("{hers}/draft"), format!("{hers}/live-events?client=x")] {
            assert_eq!(who.get(&path).status, 404, "{path}");
        }
        let body = Tab::named("x").body(json!([set("intro", "x")]));
        assert_eq!(json_to(who, "PATCH", &format!("{hers}/draft"), body).status, 404);
    }
    assert_eq!(vera.get("/admin/c/p.landing/new").status, 403);
    assert_eq!(wim.get(&own).status, 200);
    let id = hers.rsplit('/').next().expect("an id").to_owned();
    let mut tab = Tab::named("eva2");
    tab.base = draft(&mut eva, &hers)["rev"].clone();
    tab.save(&mut eva, &hers, json!([set("intro", "for readers")]));
    site.folder.done(&["publish", &format!("entry:{id}")]);
    tab.save(&mut eva, &hers, json!([set("intro", "secret")]));
    let read = vera.get(&hers);
    assert!(read.status == 200 && read.text.contains("for readers") && !read.text.contains("secret"), "{}", read.text);
    assert!(!read.text.contains("<ld-editor") && read.text.contains("disabled"));
    assert!(!vera.get(&format!("{hers}/draft")).text.contains("secret"));
}

#[test]
fn the_screen_carries_what_the_editor_reads() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let mut tab = Tab::named("eva");
    let page = page(&mut eva, &mut tab);
    let hero = json!({"op": "insert", "list": "body", "after": null, "id": "k3f9", "component": "hero", "value": {"headline": "<b>\"Oak\""}});
    tab.save(&mut eva, &page, json!([hero]));
    let screen = eva.get(&page).text;
    for wanted in [
        "<ld-editor data-entry=\"",
        "data-type=\"p.landing\"",
        "data-save=\"/admin/c/p.landing/",
        "data-follow-slug=\"1\"",
        "name=\"@title\" aria-label=\"Page title\" placeholder=\"Untitled\" value=\"Winter\"",
        "<ld-blocks data-path=\"body\" data-kind=\"picker\"",
        "data-id=\"k3f9\" data-component=\"hero\"",
        "name=\"body[k3f9].headline\"",
        "value=\"&lt;b&gt;&quot;Oak&quot;\"",
        "name=\"body[__id__].headline\"",
        "<template data-component=\"hero\">",
        "<ld-ref data-schema=\"k.jars\">",
        "<ld-richtext><textarea id=\"field-story\"",
        "name=\"body[k3f9].image.url\"",
        "\"key\": \"hero\", \"name\": \"Hero\"",
        "data-checklist",
        "data-saveline",
        "editor.js",
    ] {
        assert!(screen.contains(wanted), "no {wanted} in {screen}");
    }
    assert!(!screen.contains(" style=") && !screen.contains("undefined"), "{screen}");
    assert_eq!(eva.get("/admin/c/p.landing/new").status, 200);
    assert_eq!(eva.get("/admin/c/p.gone/new").status, 404);
    assert_eq!(eva.visit("/admin/c/s.about/new").status, 200);
    let post = eva.get("/admin/c/posts/new").text;
    for wanted in [
        "data-type=\"posts\"",
        "name=\"body\"",
        "<ld-terms data-kind=\"tag\">",
        "name=\"featured_image.url\"",
        "data-serp",
    ] {
        assert!(post.contains(wanted), "no {wanted} in {post}");
    }
}

#[test]
fn a_form_saves_without_scripts_and_twice_as_once() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let screen = eva.get("/admin/c/p.landing/new");
    let nonce = screen.between("name=\":nonce\" value=\"", "\"");
    let fields = [
        (":nonce", nonce.as_str()),
        (":base", ""),
        ("@title", "Autumn"),
        ("@slug", ""),
        ("intro", "one\r\ntwo"),
        ("wide", "false"),
        ("wide", "true"),
    ];
    let saved = eva.post("/admin/c/p.landing/new/save", &fields);
    assert_eq!(saved.status, 303, "{}", saved.text);
    assert_eq!(eva.post("/admin/c/p.landing/new/save", &fields).location, saved.location);
    let page = saved.location.split('?').next().expect("a path").to_owned();
    let shown = draft(&mut eva, &page);
    assert_eq!((&shown["values"]["intro"], &shown["values"]["wide"]), (&json!("one\ntwo"), &json!(true)));
    assert_eq!(shown["slug"], "autumn");
    let base = shown["rev"].to_string();
    eva.post(&format!("{page}/save"), &[(":base", &base), (":nonce", "1"), ("do", "add body hero")]);
    let added = draft(&mut eva, &page);
    assert_eq!(added["lists"]["body"][0]["component"], "hero");
    let refused = eva.post(
        &format!("{page}/save"),
        &[(":base", &added["rev"].to_string()), (":nonce", "2"), ("@slug", "a b"), ("intro", "kept")],
    );
    assert!(refused.status == 200 && refused.text.contains("A slug has letters, digits"), "{}", refused.text);
    assert_eq!(draft(&mut eva, &page)["values"]["intro"], "kept");
}

#[test]
fn a_deleted_entry_and_a_changed_model_are_told_in_a_sentence() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let mut tab = Tab::named("eva");
    let page = page(&mut eva, &mut tab);
    let mut changed = model();
    changed["page_types"][0]["fields"][0] = json!({"key": "opening", "was": "intro", "type": "long_text"});
    site.folder.apply(&changed);
    let answer = tab.save(&mut eva, &page, json!([set("intro", "text"), set("story", "<p>kept</p>")]));
    assert!(answer["refused"]["intro"].as_str().expect("a sentence").contains("renamed or removed"), "{answer}");
    assert_eq!(draft(&mut eva, &page)["values"]["story"], "<p>kept</p>");
    let id = page.rsplit('/').next().expect("an id").to_owned();
    site.folder.done(&["entry", "delete", &format!("entry:{id}"), "--anyway"]);
    let gone = json_to(&mut eva, "PATCH", &format!("{page}/draft"), tab.body(json!([set("story", "x")])));
    assert_eq!((gone.status, &gone.json()["error"]), (410, &json!("deleted")), "{}", gone.text);
    assert_eq!(eva.get(&page).status, 410);
}

#[test]
fn large_texts_and_long_lists_are_saved() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let mut tab = Tab::named("eva");
    let page = page(&mut eva, &mut tab);
    let story = "<p>Wash the jars.</p>".repeat(250_000);
    tab.save(&mut eva, &page, json!([set("story", story.clone())]));
    let ops: Vec<Value> = (0..10_000)
        .map(|number: u32| {
            let after = number.checked_sub(1).map(|before| format!("id{before:05}"));
            json!({"op": "insert", "list": "faq", "after": after, "id": format!("id{number:05}"), "value": {"question": number.to_string()}})
        })
        .collect();
    tab.save(&mut eva, &page, json!(ops));
    tab.save(&mut eva, &page, json!([{"op": "move", "list": "faq", "id": "id09999", "after": null}]));
    let shown = draft(&mut eva, &page);
    assert_eq!(shown["values"]["story"], json!(story));
    assert_eq!(shown["lists"]["faq"][0]["id"], "id09999");
    assert_eq!(shown["lists"]["faq"].as_array().map(Vec::len), Some(10_000));
    let too_large = json_to(&mut eva, "PATCH", &format!("{page}/draft"), "x".repeat(17 << 20));
    assert_eq!(too_large.status, 413);
}

#[test]
fn an_empty_draft_goes_when_it_is_left() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let mut tab = Tab::named("eva");
    let page = page(&mut eva, &mut tab);
    let leave = |eva: &mut Visitor<'_>, tab: &Tab| {
        eva.post_json(&format!("{page}/leave"), &json!({"client": tab.client})).json()
    };
    assert_eq!(leave(&mut eva, &tab)["removed"], false);
    tab.save(&mut eva, &page, json!([set("@title", "")]));
    assert_eq!(draft(&mut eva, &page)["values"]["@title"], "");
    let other = eva.post_json("/admin/terms", &json!({"kind": "tag", "name": "Fruit"})).json();
    assert_eq!(eva.post_json("/admin/terms", &json!({"kind": "tag", "name": "Fruit"})).json(), other);
}

#[test]
fn uploads_are_typed_by_content_and_repeated_safely() {
    let site = staffed();
    let mut eva = visitor(&site, "eva");
    let form = |name: &str, bytes: &[u8]| {
        let head = format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        String::from_utf8_lossy(&[head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat()).into_owned()
    };
    let mut send = |body: String, id: &str| {
        let csrf = eva.csrf.clone();
        let headers =
            [("content-type", "multipart/form-data; boundary=cut"), ("x-csrf-token", csrf.as_str()), ("upload-id", id)];
        eva.send("POST", "/admin/media", &headers, body)
    };
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 2\"><path d=\"M0 0\"/></svg>";
    let stored = send(form("jar.png", svg), "one");
    assert_eq!(stored.status, 200, "{}", stored.text);
    let stored = stored.json();
    assert_eq!((&stored["type"], &stored["name"]), (&json!("image/svg+xml"), &json!("jar.png")));
    assert_eq!(send(form("jar.png", svg), "one").json(), stored);
    // The same bytes once more are the same file, and the sender is told so.
    let known = send(form("jar.png", svg), "two").json();
    assert_eq!((&known["id"], &known["known"]), (&stored["id"], &json!(true)));
    assert_eq!(send(form("x.png", b"MZ program"), "three").status, 415);
    let drawing = send(form("x.svg", b"<svg onload=\"x()\"/>"), "four").json();
    let mut answer = site.ask(drawing["url"].as_str().expect("an address"), &[]);
    let drawn = answer.body_mut().read_to_string().expect("text");
    assert!(drawn.starts_with("<svg") && !drawn.contains("onload"), "{drawn}");
    assert_eq!(
        send("--cut\r\ncontent-disposition: form-data; name=\"url\"\r\n\r\nhttps://x/\r\n--cut--\r\n".into(), "five")
            .status,
        400
    );
    assert_eq!(
        send("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhalf".into(), "six")
            .status,
        400
    );
    assert_eq!(send(form("x.gif", b"GIF89a\x10\0\x08\0\0\0\0;"), "seven").status, 415, "a picture of nothing");
    let path = stored["url"].as_str().expect("an address");
    assert_eq!(site.ask(path, &[]).status(), 200);
    let files = |folder: &str| {
        let files = std::fs::read_dir(site.folder.site().join(folder)).expect("a folder");
        files.filter(|file| file.as_ref().is_ok_and(|file| file.path().is_file())).count()
    };
    assert_eq!(files("media"), 2, "two drawings, one of them sent three times");
    assert_eq!(files("media/incoming"), 0, "nothing half");
}

#[test]
fn presence_tells_who_is_there_and_what_they_save() {
    let site = staffed();
    let (mut eva, mut olga) = (visitor(&site, "eva"), visitor(&site, "olga"));
    let mut tab = Tab::named("eva");
    let page = page(&mut eva, &mut tab);
    let cookie = eva.cookie("larder").expect("signed in").to_owned();
    let address = site.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("connected");
    write!(
        stream,
        "GET {page}/live-events?client=watcher HTTP/1.1\r\nhost: {address}\r\ncookie: larder={cookie}\r\n\r\n"
    )
    .expect("sent");
    let mut events = BufReader::new(stream.try_clone().expect("cloned"));
    let mut until = |wanted: &str| loop {
        let mut line = String::new();
        assert!(events.read_line(&mut line).expect("a line") > 0, "the stream ended before {wanted}");
        if line.contains(wanted) {
            return line;
        }
    };
    until("\"watcher\"");
    let beat = olga.post_json(&format!("{page}/presence"), &json!({"client": "olgas", "field": "intro"})).json();
    assert_eq!(beat["people"].as_array().map(Vec::len), Some(2));
    assert!(until("olgas").contains("\"field\":\"intro\""));
    tab.save(&mut eva, &page, json!([set("intro", "x")]));
    until("event: saved");
    let saved = until("\"rev\"");
    assert!(saved.contains("\"by\":\"eva\""), "{saved}");
    olga.post_json(&format!("{page}/presence"), &json!({"client": "olgas", "gone": true}));
    assert!(!until("\"watcher\"").contains("olgas"));
    // A stream that is open keeps no server from ending.
    drop(site);
    let _ = stream.read_to_end(&mut Vec::new());
}
