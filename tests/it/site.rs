//! A served site, asked over HTTP.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

use crate::command::{Folder, command_on};

/// The starter site behind a server of its own, which ends with its test.
pub(crate) struct Site {
    pub(crate) folder: Folder,
    base: String,
    server: Child,
    /// The processes that have taken the server's place.
    heirs: Vec<u64>,
    agent: Agent,
    read_token: String,
    /// Where the first account is made, as the server said.
    pub(crate) setup: Option<String>,
}

/// Starts a server and returns what it said when it was ready.
fn start(folder: &Folder, options: &[&str]) -> (Child, String) {
    let log = std::fs::File::create(folder.path("server.log")).expect("a log");
    let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = command.args(options).stdout(Stdio::piped()).stderr(log).spawn().expect("started");
    let mut out = BufReader::new(server.stdout.take().expect("piped"));
    // It says everything in one go.
    let said = String::from_utf8_lossy(out.fill_buf().expect("lines")).into_owned();
    (server, said)
}

impl Site {
    pub(crate) fn starter() -> Self {
        let folder = Folder::starter();
        let read_token = folder.done(&["token", "add", "--kind", "read"]);
        let mut site = Self::serving(folder, &[]);
        site.read_token = read_token;
        site
    }

    /// Serves the site in a folder, with these options.
    pub(crate) fn serving(folder: Folder, options: &[&str]) -> Self {
        let (server, said) = start(&folder, options);
        let base = said.lines().next().and_then(|line| line.rsplit(' ').next()).expect("an address").to_owned();
        let setup = said.lines().find(|line| line.contains("/admin/setup?code=")).map(str::to_owned);
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
        Self { folder, base, server, heirs: Vec::new(), agent: config.build().into(), read_token: String::new(), setup }
    }

    /// Kills the server, in the middle of whatever it does, and starts it again, at another address.
    pub(crate) fn restart(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let (server, said) = start(&self.folder, &[]);
        self.base = said.lines().next().and_then(|line| line.rsplit(' ').next()).expect("an address").to_owned();
        self.server = server;
    }

    /// Asks the server to end, which it does in order, and starts it again.
    pub(crate) fn end_and_restart(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
        self.restart();
    }

    /// Lets another process of the same program take over, at the same address.
    #[track_caller]
    pub(crate) fn upgrade(&mut self) {
        let said = self.folder.json(&["upgrade", "--json"]);
        self.heirs.push(said["to"]["pid"].as_u64().expect("a process"));
    }

    /// Runs `larder demo` on a folder that stays; returns what it printed, too.
    pub(crate) fn demo(folder: &Folder) -> (Self, String) {
        let mut command = command_on(&folder.site(), &["demo", "--listen", "127.0.0.1:0"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let mut said = String::new();
        let mut out = BufReader::new(server.stdout.take().expect("piped"));
        while !said.contains("larder is listening on") {
            assert!(out.read_line(&mut said).expect("a line") > 0, "{said}");
        }
        let base = said.trim().rsplit(' ').next().expect("an address").to_owned();
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
        let folder = Folder::empty();
        (
            Self {
                folder,
                base,
                server,
                heirs: Vec::new(),
                agent: config.build().into(),
                read_token: String::new(),
                setup: None,
            },
            said,
        )
    }

    /// Ends the server and starts another on the same folder, on another port.
    pub(crate) fn again(&mut self) {
        self.again_with(&[]);
    }

    /// As [`Self::again`], with these options.
    pub(crate) fn again_with(&mut self, options: &[&str]) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let (server, said) = start(&self.folder, options);
        self.server = server;
        self.base = said.lines().next().and_then(|line| line.rsplit(' ').next()).expect("an address").to_owned();
        self.setup = said.lines().find(|line| line.contains("/admin/setup?code=")).map(str::to_owned);
    }

    /// Sends a request as it is.
    #[track_caller]
    pub(crate) fn send(&self, request: Request<Vec<u8>>) -> Response<Body> {
        self.agent.run(request).expect("an answer")
    }

    /// The address it is reached at.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Asks for a path, with these headers and no token but what they hold.
    #[track_caller]
    pub(crate) fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let request = headers.iter().fold(self.agent.get(format!("{}{path}", self.base)), |request, (name, value)| {
            request.header(*name, *value)
        });
        request.call().expect("an answer")
    }

    /// The status that a token meets at a list.
    #[track_caller]
    pub(crate) fn status_for(&self, token: &str) -> u16 {
        self.ask(&format!("/v2/posts/?auth_token={token}"), &[]).status().as_u16()
    }

    /// The JSON at a path below `/v2`, which must be there.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> Value {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut answer = self.ask(&format!("/v2{path}{joint}auth_token={}", self.read_token), &[]);
        let text = answer.body_mut().read_to_string().expect("text");
        assert_eq!(answer.status(), 200, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Site {
    /// The JSON at a path, as soon as it is as wanted: what another process changes is followed.
    #[track_caller]
    pub(crate) fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let found = self.read(path);
            if wanted(&found) {
                return found;
            }
            assert!(std::time::Instant::now() < end, "{path} stays {found}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        for heir in &self.heirs {
            let _ = Command::new("kill").args(["-9", &heir.to_string()]).status();
        }
    }
}

/// A header's value; empty when there is none.
pub(crate) fn header<'r>(response: &'r Response<Body>, name: &str) -> &'r str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
