//! Requests at a fixed rate, each timed from when it was due, whether or not it could be sent then.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::report::percentile;

/// Over how many connections.
const CONNECTIONS: usize = 64;

/// What was seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// How long answers took, in microseconds.
    took: Vec<f64>,
    /// How many were answered, and how many of them were made for the request.
    pub(crate) answers: u64,
    pub(crate) misses: u64,
}

impl Seen {
    /// The time within which a share of the answers was there.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        percentile(self.took.iter().copied(), share)
    }
}

struct Connection {
    stream: TcpStream,
    /// When the request under way was due.
    due: Instant,
    got: Vec<u8>,
}

/// Asks `rate` times a second for some seconds. Never sleeps: a timer's millisecond would be all there is
/// to see.
pub(crate) fn ask<'r>(address: &str, rate: f64, seconds: u32, mut request: impl FnMut(u64) -> &'r [u8]) -> Seen {
    let connect = |_| {
        let stream = TcpStream::connect(address).expect("connected");
        stream.set_nodelay(true).expect("set");
        stream.set_nonblocking(true).expect("set");
        Connection { stream, due: Instant::now(), got: Vec::with_capacity(128 * 1024) }
    };
    let mut idle: VecDeque<Connection> = (0..CONNECTIONS).map(connect).collect();
    let mut busy: VecDeque<Connection> = VecDeque::new();
    let mut seen = Seen::default();
    let start = Instant::now();
    let total = (rate * f64::from(seconds)) as u64;
    let due = |number: u64| start + Duration::from_secs_f64(number as f64 / rate);
    let mut sent = 0;
    let mut buffer = vec![0; 128 * 1024];
    while sent < total || !busy.is_empty() {
        if sent < total
            && due(sent) <= Instant::now()
            && let Some(mut connection) = idle.pop_front()
        {
            connection.due = due(sent);
            connection.stream.write_all(request(sent)).expect("sent");
            busy.push_back(connection);
            sent += 1;
        }
        let Some(mut connection) = busy.pop_front() else { continue };
        match connection.stream.read(&mut buffer) {
            Ok(0) => panic!("the connection was closed"),
            Ok(length) => connection.got.extend(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
        if is_whole(&connection.got) {
            seen.note(&mut connection);
            idle.push_back(connection);
        } else {
            busy.push_back(connection);
        }
    }
    seen
}

impl Seen {
    fn note(&mut self, connection: &mut Connection) {
        self.took.push(connection.due.elapsed().as_secs_f64() * 1e6);
        self.answers += 1;
        self.misses += u64::from(contains(&connection.got, b"x-cache: MISS"));
        assert!(connection.got.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&connection.got));
        connection.got.clear();
    }
}

fn is_whole(got: &[u8]) -> bool {
    let Some(head) = got.windows(4).position(|part| part == b"\r\n\r\n") else { return false };
    let text = String::from_utf8_lossy(&got[..head]).to_ascii_lowercase();
    let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    got.len() >= head + 4 + length.unwrap_or(0)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    let head = text.get(..text.len().min(2048)).unwrap_or(text);
    head.windows(part.len()).any(|window| window == part)
}
