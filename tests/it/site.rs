//! A served site, asked over HTTP.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::command::Folder;

/// The starter site behind a server of its own, which ends with its test.
pub(crate) struct Site {
    pub(crate) folder: Folder,
    base: String,
    server: Child,
    agent: Agent,
    read_token: String,
}

impl Site {
    pub(crate) fn starter() -> Self {
        let folder = Folder::starter();
        let read_token = folder.done(&["token", "add", "--kind", "read"]);
        let log = std::fs::File::create(folder.path("server.log")).expect("a log");
        let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut server = command.stdout(Stdio::piped()).stderr(log).spawn().expect("started");
        let mut said = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut said).expect("a line");
        let base = said.trim().rsplit(' ').next().expect("an address").to_owned();
        let agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        Self { folder, base, server, agent, read_token }
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

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A header's value; empty when there is none.
pub(crate) fn header<'r>(response: &'r Response<Body>, name: &str) -> &'r str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
