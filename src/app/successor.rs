//! Another process that shall take this one's place: it is started with the sockets that listen, and until it says
//! that it is ready nothing changes here. Whatever becomes of it, requests are answered: by it, or by this one.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use command_fds::{CommandFdExt as _, FdMapping};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep, timeout};

use super::inherited::{FAILED, READY};
use super::ports::Ports;

/// Where systemd's protocol puts the first descriptor.
const FIRST: i32 = 3;
/// How long a process may take to end once it has closed its line.
const ENDING: Duration = Duration::from_secs(5);

/// Why no other process has taken this one's place.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error("this process is the first of its container, which ends with it: replace the container instead")]
    First,
    #[error("{} cannot be started: {error}", path.display())]
    Start { path: PathBuf, error: io::Error },
    #[error("the new program says: {0}")]
    Said(String),
    #[error("the new program ended before it was ready ({0}); what it said is in the log")]
    Ended(String),
    #[error("this process was told to end")]
    Unwanted,
    #[error("the new program was not ready after {} s", .0.as_secs())]
    Late(Duration),
}

/// The program that an upgrade starts, as it was called and not as it was then: a file that has been replaced since,
/// or a link that leads elsewhere now, is the point of it.
pub(super) fn own_path() -> io::Result<PathBuf> {
    let called: PathBuf = env::args_os().next().unwrap_or_default().into();
    if called.components().count() > 1 {
        return std::path::absolute(called);
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&folders).map(|folder| folder.join(&called)).find(|path| path.is_file());
    found.map_or_else(env::current_exe, std::path::absolute)
}

/// A process that was started and is ended unless it says that it is ready.
struct Starting(Option<Child>);

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            // Both only fail when it has ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The line to a process that answers requests. It is closed with this one, which tells the other that it is alone.
#[derive(Debug)]
pub(super) struct Successor {
    pub(super) pid: u32,
    _line: UnixStream,
}

/// Starts `program` with the arguments of this process, and waits until it is ready. Dropped before that, it ends
/// what it has started.
///
/// # Errors
/// Why it is not. It does not run any more then.
pub(super) async fn start(program: &Path, ports: &Ports, patience: Duration) -> Result<Successor, Failed> {
    if std::process::id() == 1 {
        return Err(Failed::First);
    }
    let cannot = |error| Failed::Start { path: program.into(), error };
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(cannot)?;
    ours.set_nonblocking(true).map_err(cannot)?;
    let ours = UnixStream::from_std(ours).map_err(cannot)?;
    let Ports { main, plain } = ports.try_clone().map_err(cannot)?;
    // In this order: older programs know the first two.
    let handed = [main.into(), theirs.into()].into_iter().chain(plain.map(OwnedFd::from)).collect();
    let mut starting = Starting(Some(spawn(program, handed).map_err(cannot)?));
    let pid = starting.0.as_ref().map_or(0, Child::id);
    let mut said = String::new();
    let mut line = BufReader::new(ours);
    match timeout(patience, line.read_line(&mut said)).await {
        Err(_) => return Err(Failed::Late(patience)),
        Ok(Err(_) | Ok(0)) => return Err(Failed::Ended(end_of(&mut starting).await)),
        Ok(Ok(_)) => {}
    }
    let said = said.trim_end();
    if said != READY {
        return Err(Failed::Said(said.strip_prefix(FAILED).unwrap_or(said).to_owned()));
    }
    // From here on it lives on its own.
    starting.0.take();
    Ok(Successor { pid, _line: line.into_inner() })
}

fn spawn(program: &Path, handed: Vec<OwnedFd>) -> io::Result<Child> {
    // Said as such: from the shell, "no such file" could as well be the interpreter's.
    fs::metadata(program)?;
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let count = handed.len().to_string();
    let mapped = (FIRST..).zip(handed).map(|(child_fd, parent_fd)| FdMapping { parent_fd, child_fd }).collect();
    let mut command = Command::new(program);
    // Without LISTEN_PID, which nobody knows before there is a child: see `Inherited::take`.
    command.args(arguments).env("LISTEN_FDS", count).env_remove("LISTEN_PID").env_remove("LISTEN_FDNAMES");
    command.fd_mappings(mapped).map_err(io::Error::other)?;
    // Dropped after this, the command closes our copies of what it hands over.
    command.spawn()
}

/// How a process ended that has closed its line.
async fn end_of(starting: &mut Starting) -> String {
    let Some(child) = &mut starting.0 else { return String::new() };
    // Its descriptors are closed a moment before it can be asked how it ended.
    let closed = Instant::now();
    while closed.elapsed() < ENDING {
        if let Ok(Some(status)) = child.try_wait() {
            return status.to_string();
        }
        sleep(Duration::from_millis(10)).await;
    }
    "it goes on without a word: is it larder?".to_owned()
}
