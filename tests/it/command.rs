//! The `larder` command on a folder of its own, as people and scripts run it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Long enough for a loaded machine; a test that gets here has failed anyway.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a site in `site/`, and room beside it.
pub(crate) struct Folder {
    folder: TempDir,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    /// A folder without a site.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// A folder with a new site.
    pub(crate) fn new() -> Self {
        let folder = Self::empty();
        folder.done(&["init"]);
        folder
    }

    /// A folder with the starter site.
    pub(crate) fn starter() -> Self {
        let folder = Self::empty();
        folder.done(&["init", "--starter"]);
        folder
    }

    /// The site's folder.
    pub(crate) fn site(&self) -> PathBuf {
        self.path("site")
    }

    /// Something beside the site.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the site and returns its path as text.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("written");
        path.to_string_lossy().into_owned()
    }

    /// The command on this site, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        command_on(&self.site(), arguments)
    }

    /// Runs the command on this site.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(&self.command(arguments).output().expect("started"))
    }

    /// Runs a command that must succeed; returns what it printed.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(0), "larder {arguments:?}: {said:?}");
        said.out.trim_end().to_owned()
    }

    /// Runs a command that must fail; returns what it said about that.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(1), "larder {arguments:?}: {said:?}");
        assert!(!said.err.contains("panicked"), "{said:?}");
        said.err
    }

    /// Runs a command that prints JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(arguments)).expect("JSON")
    }

    /// Applies a content model, agreeing to everything.
    #[track_caller]
    pub(crate) fn apply(&self, model: &Value) -> String {
        let file = self.file("schema.json", model.to_string());
        self.done(&["schema", "apply", &file, "--yes"])
    }

    /// Serves the site until the server is dropped.
    pub(crate) fn serve(&self) -> Server {
        let log = std::fs::File::create(self.path("server.log")).expect("a log");
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let child = command.stdout(Stdio::null()).stderr(log).spawn().expect("started");
        Server { child }
    }
}

/// The command on the site in `site`, without the developer's own settings.
pub(crate) fn command_on(site: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LARDER_")) {
        command.env_remove(name);
    }
    command.args(arguments).arg("--data").arg(site).stdin(Stdio::null());
    command
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// A server that ends with its test.
pub(crate) struct Server {
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn await_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
