//! A small site with an editor, a writer and a viewer in front of it.

use serde_json::{Value, json};
use ureq::http::Request;

use super::visitor::{Answer, Visitor, add_person};
use crate::command::Folder;
use crate::site::Site;

pub(crate) const EDITOR: &str = "ed@example.com";
pub(crate) const WRITER: &str = "wri@example.com";
pub(crate) const VIEWER: &str = "vic@example.com";

/// The site, and how programs reach it.
pub(crate) struct Desk {
    pub(crate) site: Site,
    read: String,
    write: String,
}

impl Desk {
    /// A site with pages and people, served.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// As [`Desk::new`], with these settings.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        folder.apply(&model());
        for (email, role) in [(EDITOR, "editor"), (WRITER, "writer"), (VIEWER, "viewer")] {
            add_person(&folder, email, role);
        }
        for (name, value) in settings {
            folder.done(&["setting", "set", name, value]);
        }
        let read = folder.done(&["token", "add", "--kind", "read"]);
        let write = folder.done(&["token", "add", "--kind", "write"]);
        Self { site: Site::serving(folder, &[]), read, write }
    }

    /// Makes a landing page that is live, and returns its id.
    pub(crate) fn page(&self, slug: &str, fields: &Value) -> i64 {
        let title = format!("Page {slug}");
        let page =
            json!({"title": title, "slug": slug, "page_type": "landing", "status": "published", "fields": fields});
        self.write("POST", "/v2/pages/", &page);
        self.id(slug)
    }

    /// The id of a page by its slug.
    pub(crate) fn id(&self, slug: &str) -> i64 {
        let listed = self.site.folder.json(&["entry", "list", "page:landing", "--json"]);
        let pages = listed.as_array().expect("pages").clone();
        let target = format!("page:landing/{slug}");
        let page = pages.iter().find(|page| page["target"] == target.as_str());
        page.unwrap_or_else(|| panic!("no {slug} in {listed}"))["id"].as_i64().expect("an id")
    }

    /// Saves a draft beside what is live.
    pub(crate) fn draft(&self, slug: &str, fields: &Value) {
        let change = json!({"status": "draft", "fields": fields});
        self.write("PATCH", &format!("/v2/pages/landing/{slug}/"), &change);
    }

    /// Writes as a program does; it must be taken.
    #[track_caller]
    pub(crate) fn write(&self, method: &str, path: &str, body: &Value) {
        let (status, text) = self.try_write(method, path, body);
        assert_eq!(status, 202, "{method} {path}: {text}");
    }

    /// Writes as a program does: status and body of the answer.
    pub(crate) fn try_write(&self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.site.base()));
        let request = request.header("authorization", format!("Token {}", self.write));
        let request = request.header("content-type", "application/json").body(body.to_string().into_bytes());
        let mut answer = self.site.send(request.expect("a request"));
        (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
    }

    /// What readers get: status and JSON.
    pub(crate) fn public(&self, path: &str) -> (u16, Value) {
        self.with_token(path, &self.read)
    }

    /// What somebody with this token gets.
    pub(crate) fn with_token(&self, path: &str, token: &str) -> (u16, Value) {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut answer = self.site.ask(&format!("{path}{joint}auth_token={token}"), &[]);
        let text = answer.body_mut().read_to_string().expect("text");
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
    }

    /// Somebody who is signed in.
    pub(crate) fn person(&self, email: &str) -> Visitor<'_> {
        Visitor::signed_in(&self.site, email)
    }
}

/// The address of a landing page in the dashboard.
pub(crate) fn at(id: i64, rest: &str) -> String {
    format!("/admin/c/p.landing/{id}/{rest}")
}

impl Visitor<'_> {
    /// Asks for JSON, as scripts do.
    pub(crate) fn get_json(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("accept", "application/json")], String::new())
    }

    /// Does something to an entry, which must work.
    #[track_caller]
    pub(crate) fn act(&mut self, id: i64, action: &str, body: &Value) -> Value {
        let answer = self.post_json(&at(id, action), body);
        assert_eq!(answer.status, 200, "{action}: {}", answer.text);
        answer.json()
    }
}

fn model() -> Value {
    json!({
        "larder_schema": 1,
        "components": [
            {"key": "hero", "fields": [
                {"key": "headline", "type": "short_text", "required": true},
                {"key": "image", "type": "media"},
            ]},
            {"key": "text", "fields": [{"key": "body", "type": "wysiwyg"}]},
        ],
        "page_types": [{"key": "landing", "fields": [
            {"key": "teaser", "type": "short_text", "max_length": 40},
            {"key": "body", "type": "component_picker"},
            {"key": "seo_title", "type": "short_text"},
            {"key": "next", "type": "reference", "to": {"page_type": "landing"}},
            {"key": "cover", "type": "media", "shape": "16:9", "min_width": 16, "max_size": 2000},
        ]}],
    })
}
