//! The servers: each a process on processor 0 with one serving thread, gone when its owner is.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::bare;
use crate::client::Client;
use crate::tools::path_of;

/// Where servers run.
const SERVER_CPU: &str = "0";
/// How long a server may take to answer first.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
    child: Child,
}

fn pinned(program: &str) -> Command {
    // The server ends with this program, however that ends.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "taskset", "-c", SERVER_CPU, program]).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LARDER_")) {
        command.env_remove(name);
    }
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

impl Server {
    /// larder, on the site in a folder.
    pub(crate) fn larder(site: &Path) -> Self {
        Self::larder_with(site, &[])
    }

    pub(crate) fn larder_with(site: &Path, options: &[&str]) -> Self {
        let mut command = pinned(env!("CARGO_BIN_EXE_larder"));
        command.args(["serve", "--threads", "1", "--listen", "127.0.0.1:0", "--data"]).arg(site).args(options);
        Self::telling("larder", command.env("LARDER_LOG", "error"))
    }

    /// The least a server on hyper can do, see [`bare`].
    pub(crate) fn hyper(folder: &Path) -> Self {
        let me = std::env::current_exe().expect("a path");
        Self::telling("hyper", pinned(&me.to_string_lossy()).arg(bare::ARGUMENT).arg(folder))
    }

    /// A server whose first line ends with its address.
    fn telling(name: &'static str, command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("started");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit("//").next().unwrap_or_default().to_owned();
        Self { name, address, child }
    }

    /// nginx with one worker, serving the files in a folder.
    pub(crate) fn nginx(files: &Path, folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let port = free_port();
        let (root, dir) = (files.display(), folder.display());
        let config = format!(
            "user root; daemon off; worker_processes 1; pid {dir}/pid; error_log {dir}/error.log crit;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
                keepalive_requests 1000000000; keepalive_timeout 600;
                open_file_cache max=200000 inactive=600s; open_file_cache_valid 600s;
                gzip_static on; gzip_vary on; default_type application/json;
                server {{ listen 127.0.0.1:{port}; root {root}; }}
            }}"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, config).expect("written");
        let mut command = pinned(&path_of("nginx").expect("nginx"));
        command.arg("-c").arg(file).arg("-e").arg(folder.join("error.log"));
        Self::on("nginx", port, &mut command)
    }

    /// varnish in front of another server, with everything in memory.
    pub(crate) fn varnish(behind: &Self, folder: &Path) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let port = free_port();
        let (host, behind) = behind.address.split_once(':').expect("an address");
        let file = folder.join("bench.vcl");
        let rules = format!(
            "vcl 4.1; backend default {{ .host = \"{host}\"; .port = \"{behind}\"; }}
            sub vcl_backend_response {{ set beresp.ttl = 1h; }}"
        );
        fs::write(&file, rules).expect("written");
        let mut command = pinned(&path_of("varnishd").expect("varnish"));
        command.args(["-F", "-j", "none", "-s", "malloc,256m", "-a", &format!("127.0.0.1:{port}"), "-f"]).arg(file);
        // Without its own gzip: it keeps both encodings as nginx sends them, and need not unpack.
        command.args(["-p", "http_gzip_support=off", "-p", "thread_pools=1", "-n"]).arg(folder);
        Self::on("varnish", port, command.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    fn on(name: &'static str, port: u16, command: &mut Command) -> Self {
        let child = command.spawn().expect("started");
        let address = format!("127.0.0.1:{port}");
        let start = Instant::now();
        while Client::to(&address).is_err() {
            assert!(start.elapsed() < PATIENCE, "{name} does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        Self { name, address, child }
    }

    /// A connection.
    pub(crate) fn connect(&self) -> Client {
        Client::to(&self.address).expect("connected")
    }

    /// Processor time it has used so far, its workers included, in nanoseconds.
    pub(crate) fn cpu(&self) -> u64 {
        let mut processes = vec![self.child.id().to_string()];
        let mut nanoseconds = 0;
        while let Some(process) = processes.pop() {
            for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
                let read = |name: &str| fs::read_to_string(task.path().join(name)).unwrap_or_default();
                nanoseconds += read("schedstat").split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(0);
                processes.extend(read("children").split_whitespace().map(str::to_owned));
            }
        }
        nanoseconds
    }

    /// The most memory it has had, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1024
    }

    /// Memory of its own, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap_or_default();
        let line = rollup.lines().find(|line| line.starts_with("Rss:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked politely, so that masters end their workers; it may have ended already.
        let _ = Command::new("kill").arg(self.child.id().to_string()).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}
