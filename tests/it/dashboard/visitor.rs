//! Somebody with a browser in front of a served site.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;

use ureq::Body;
use ureq::http::{Request, Response};

use crate::command::Folder;
use crate::site::{Site, header};

/// What everybody here signs in with.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A browser: it keeps cookies and sends the session's word along with forms.
pub(crate) struct Visitor<'s> {
    site: &'s Site,
    cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
}

/// An answer that has been read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) retry_after: String,
    pub(crate) policy: String,
    /// What the page's scripts are told to do.
    pub(crate) trigger: String,
    pub(crate) text: String,
}

impl Answer {
    fn of(mut response: Response<Body>) -> Self {
        let set_cookies = response.headers().get_all("set-cookie").iter();
        Self {
            status: response.status().as_u16(),
            location: header(&response, "location").to_owned(),
            set_cookies: set_cookies.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect(),
            retry_after: header(&response, "retry-after").to_owned(),
            policy: header(&response, "content-security-policy").to_owned(),
            trigger: header(&response, "hx-trigger").to_owned(),
            // What is no text is searched for the texts in it.
            text: String::from_utf8_lossy(&response.body_mut().read_to_vec().expect("a body")).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// What stands between two texts of the page.
    #[track_caller]
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let (_, rest) = self.text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {}", self.text));
        rest.split_once(after).expect("its end").0.to_owned()
    }
}

/// Adds a person to a site's folder; the name is the first part of the address.
pub(crate) fn add_person(folder: &Folder, email: &str, role: &str) {
    let name = email.split('@').next().expect("a name");
    let arguments = ["user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"];
    let mut child = folder.command(&arguments).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
    writeln!(child.stdin.take().expect("piped"), "{PASSWORD}").expect("written");
    assert!(child.wait().expect("ended").success());
}

/// A site with an owner, Olga.
pub(crate) fn owned() -> Site {
    let folder = Folder::new();
    add_person(&folder, "olga@example.com", "owner");
    Site::serving(folder, &[])
}

impl<'s> Visitor<'s> {
    /// Somebody who was never here.
    pub(crate) fn new(site: &'s Site) -> Self {
        Self { site, cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// Somebody who is signed in.
    #[track_caller]
    pub(crate) fn signed_in(site: &'s Site, email: &str) -> Self {
        let mut visitor = Self::new(site);
        let answer = visitor.sign_in(email, PASSWORD);
        assert_eq!(answer.status, 303, "{}", answer.text);
        visitor
    }

    /// Gives the browser a cookie.
    pub(crate) fn keep(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.into(), value.into());
    }

    /// A cookie of the browser.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let answer = self.send("GET", path, &[("accept", "text/html")], String::new());
        self.learn(&answer);
        answer
    }

    /// Follows redirects to the page they lead to.
    pub(crate) fn visit(&mut self, path: &str) -> Answer {
        let mut answer = self.get(path);
        for _ in 0..5 {
            if answer.status != 303 {
                break;
            }
            answer = self.get(&answer.location.clone());
        }
        answer
    }

    /// Sends a form with the session's word.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        self.post_bare(path, &fields)
    }

    /// Sends a form as it is.
    pub(crate) fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = self.send("POST", path, &headers, body);
        self.learn(&answer);
        answer
    }

    /// Sends JSON, as scripts do.
    pub(crate) fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        let csrf = self.csrf.clone();
        let mut headers = vec![("accept", "application/json"), ("content-type", "application/json")];
        if !csrf.is_empty() {
            headers.push(("x-csrf-token", &csrf));
        }
        self.send("POST", path, &headers, body.to_string())
    }

    /// Sends a file, after the session's word, as a form without scripts does.
    pub(crate) fn post_file(&mut self, path: &str, csrf: &str, name: &str, bytes: &[u8]) -> Answer {
        let word = format!("--cut\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n");
        let head = format!("--cut\r\ncontent-disposition: form-data; name=\"archive\"; filename=\"{name}\"\r\n\r\n");
        let body = [word.as_bytes(), head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
        let headers = [("accept", "text/html"), ("content-type", "multipart/form-data; boundary=cut")];
        self.send_bytes("POST", path, &headers, body)
    }

    pub(crate) fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let answer = self.post_bare("/admin/sign-in", &[("email", email), ("password", password)]);
        if answer.status == 303 {
            self.get("/admin/account");
        }
        answer
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        self.send_bytes(method, path, headers, body.into_bytes())
    }

    /// As [`Self::send`], with a body that is no text.
    pub(crate) fn send_bytes(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.site.base()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = Answer::of(self.site.send(request.body(body).expect("a request")));
        for cookie in &answer.set_cookies {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.into(), value.into())
            };
        }
        answer
    }

    /// Takes the session's word from a page.
    fn learn(&mut self, answer: &Answer) {
        for before in ["name=\"csrf\" value=\"", "name=\"csrf\" content=\""] {
            if let Some((_, rest)) = answer.text.split_once(before)
                && let Some((word, _)) = rest.split_once('"')
                && !word.is_empty()
            {
                self.csrf = word.to_owned();
            }
        }
    }
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
        out
    })
}
