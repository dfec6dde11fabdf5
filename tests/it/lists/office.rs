//! A served site and people who work on it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;

use larder::account::{Role, Session, Theme, User};
use larder::auth::session;
use larder::authoring::{Authoring, PostChange, Signature, State, now};
use larder::content::entry::{EntryId, Revision, RevisionId};
use larder::content::locale::LocaleId;
use larder::store::{Error, Store};
use serde_json::Value;
use ureq::Agent;

use crate::command::Folder;

/// The locale in which tests write.
pub(crate) const ENGLISH: LocaleId = LocaleId(1);

/// A site behind a server that ends with its test, and its content as another process changes it.
pub(crate) struct Office {
    pub(crate) folder: Folder,
    pub(crate) authoring: Authoring,
    pub(crate) store: Arc<Store>,
    base: String,
    server: Child,
    agent: Agent,
}

/// Somebody who is signed in.
pub(crate) struct Person<'o> {
    office: &'o Office,
    pub(crate) user: i64,
    cookie: String,
    pub(crate) csrf: String,
}

/// What the server said.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    /// Where it leads to.
    pub(crate) location: String,
    pub(crate) text: String,
}

impl Office {
    /// The starter site.
    pub(crate) fn starter() -> Self {
        Self::of(Folder::starter())
    }

    /// The site in a folder.
    pub(crate) fn of(folder: Folder) -> Self {
        Self::behind(folder, &["serve", "--listen", "127.0.0.1:0"])
    }

    /// The site in a folder, copied to a place.
    pub(crate) fn copied(folder: Folder, place: &str) -> Self {
        let options = ["--replica", place, "--replica-interval-ms", "50", "--replica-verify-hours", "0"];
        Self::behind(folder, &[&["serve", "--listen", "127.0.0.1:0"], &options[..]].concat())
    }

    /// The starter site with this many pages more.
    pub(crate) fn large(pages: usize) -> Self {
        Self::behind(Folder::empty(), &["demo", "--entries", &pages.to_string(), "--listen", "127.0.0.1:0"])
    }

    fn behind(folder: Folder, arguments: &[&str]) -> Self {
        let log = std::fs::File::create(folder.path("server.log")).expect("a log");
        let mut command = folder.command(arguments);
        let mut server = command.stdout(Stdio::piped()).stderr(log).spawn().expect("started");
        let lines = BufReader::new(server.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let base = lines.filter_map(|line| Some(line.split_once("listening on ")?.1.trim().to_owned())).next();
        let base = base.expect("an address");
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into();
        let store = Arc::new(Store::open(&folder.site()).expect("the same site"));
        let authoring = Authoring::new(store.clone(), base.clone());
        Self { folder, authoring, store, base, server, agent }
    }

    /// Adds somebody, and signs them in.
    pub(crate) fn person(&self, name: &str, role: Role) -> Person<'_> {
        let (secret, hash) = session::new_secret().expect("randomness");
        let at = now();
        let user = User {
            id: 0,
            email: format!("{}@example.com", name.to_lowercase().replace(' ', ".")),
            name: name.into(),
            role,
            password: String::new(),
            created: at,
            theme: Theme::System,
            seen: None,
            shortcuts: true,
            guided: false,
            second: None,
        };
        let add = move |write: &mut larder::store::Write<'_>| {
            let user = write.add_user(&user)?;
            let session = Session {
                hash,
                user,
                created: at,
                seen: at,
                agent: String::new(),
                address: String::new(),
                sees_as: None,
            };
            write.add_session(&session)?;
            Ok::<_, Error>(user)
        };
        let user = self.store.write(add).expect("added");
        let csrf = session::csrf(&secret);
        Person { office: self, user, cookie: format!("larder={secret}"), csrf }
    }

    /// What somebody of this name does now; one who is signed in, when there is one.
    fn signature(&self, by: &str) -> Signature {
        let users = self.store.read(|read| read.users()).expect("people");
        let user = users.iter().find(|user| user.name == by).map(|user| user.id);
        Signature { user, ..Signature::now(by) }
    }

    /// A post, made by somebody of this name.
    pub(crate) fn post(&self, title: &str, slug: &str, by: &str, state: State) -> EntryId {
        let change = PostChange {
            title: Some(title.into()),
            slug: Some(slug.into()),
            body: Some(format!("<p>About {title}, with a pinch of cardamom.</p>")),
            ..PostChange::default()
        };
        self.authoring.create_post(change, ENGLISH, state, self.signature(by)).expect("made").id
    }

    /// Saves a draft of a post under another title, beside what is live.
    pub(crate) fn draft(&self, post: EntryId, title: &str, by: &str) {
        let (title, by) = (title.to_owned(), by.to_owned());
        let change = move |write: &mut larder::store::Write<'_>| {
            let entry = write.entry(post)?.expect("there");
            let mut variant = write.variant(post, ENGLISH)?.expect("there");
            let base = write.revision(variant.draft.or(variant.live).expect("a version"))?.expect("there");
            let mut fields = base.fields.clone();
            fields["title"] = title.clone().into();
            let copy = Revision { id: RevisionId(0), name: title, fields, at: now(), by, ..base };
            variant.draft = Some(write.add_revision(&copy)?);
            write.put_variant(&entry, &variant)
        };
        self.store.write(change).expect("saved");
    }

    /// Says who began an entry in the dashboard.
    pub(crate) fn created_by(&self, entry: EntryId, person: &Person<'_>) {
        let user = person.user;
        let change = move |write: &mut larder::store::Write<'_>| {
            let mut entry = write.entry(entry)?.expect("there");
            entry.creator = Some(user);
            write.put_entry(&entry)
        };
        self.store.write(change).expect("changed");
    }

    /// What the public API says about a post: its status code.
    pub(crate) fn api_status(&self, path: &str) -> u16 {
        let token = self.folder.done(&["token", "add", "--kind", "read", "--name", "list tests"]);
        self.ask_api(path, token.split_whitespace().last().expect("a token")).0
    }

    /// The public API's answer.
    pub(crate) fn ask_api(&self, path: &str, token: &str) -> (u16, Value) {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut answer =
            self.agent.get(format!("{}/v2{path}{joint}auth_token={token}", self.base)).call().expect("an answer");
        let text = answer.body_mut().read_to_string().expect("text");
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Person<'_> {
    /// Asks for a page, as a browser does.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Told {
        self.ask(path, &[("accept", "text/html")])
    }

    /// A page that must be there.
    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        let told = self.get(path);
        assert_eq!(told.status, 200, "{path}: {}", told.text);
        told.text
    }

    /// JSON that must be there.
    #[track_caller]
    pub(crate) fn json(&self, path: &str) -> Value {
        let told = self.ask(path, &[("accept", "application/json")]);
        assert_eq!(told.status, 200, "{path}: {}", told.text);
        serde_json::from_str(&told.text).expect("JSON")
    }

    /// Asks with these headers.
    #[track_caller]
    pub(crate) fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Told {
        let request = self.office.agent.get(format!("{}{path}", self.office.base)).header("cookie", &self.cookie);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Told::of(request.call().expect("an answer"))
    }

    /// Sends a form without scripts.
    #[track_caller]
    pub(crate) fn send(&self, path: &str, fields: &[(&str, &str)]) -> Told {
        self.send_with(path, fields, &[("accept", "text/html")])
    }

    /// Sends a form as htmx does.
    #[track_caller]
    pub(crate) fn send_script(&self, path: &str, fields: &[(&str, &str)]) -> Told {
        self.send_with(path, fields, &[("hx-request", "true")])
    }

    fn send_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Told {
        let request = self.office.agent.post(format!("{}{path}", self.office.base)).header("cookie", &self.cookie);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let fields = fields.iter().copied().chain([("csrf", self.csrf.as_str())]);
        Told::of(request.send_form(fields).expect("an answer"))
    }
}

impl Told {
    fn of(mut answer: ureq::http::Response<ureq::Body>) -> Self {
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            status: answer.status().as_u16(),
            location: location.to_owned(),
            text: answer.body_mut().read_to_string().expect("text"),
        }
    }
}

/// The titles of a list's rows, in order.
pub(crate) fn titles(page: &str) -> Vec<String> {
    let rows = page.split("aria-label=\"More for ").skip(1).step_by(2);
    rows.map(|rest| rest.split('"').next().unwrap_or_default().replace("&amp;", "&")).collect()
}

/// The address behind a link whose words begin so.
pub(crate) fn link(page: &str, words: &str) -> Option<String> {
    let is_link = |place: &usize| page[..*place].rfind('<').is_some_and(|tag| page[tag..].starts_with("<a "));
    let end = page.match_indices(&format!("\">{words}")).map(|(place, _)| place).find(is_link)?;
    let start = page[..end].rfind("href=\"")? + "href=\"".len();
    let address = page[start..end].split('"').next()?;
    Some(address.replace("&amp;", "&"))
}
