//! Servers that the tested one asks: a web server that answers as it is told, and a name server.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How an address answers.
#[derive(Clone)]
pub(super) enum Says {
    /// With bytes of a type.
    File(&'static str, Vec<u8>),
    /// With a redirect.
    To(String),
    /// With these bytes as they are, the head too; then the connection ends.
    Raw(Vec<u8>),
    /// With a head and bytes without end.
    Endless,
    /// With a head, and then a byte now and then.
    Drip,
    /// With nothing.
    Silence,
    /// The first so many times with a status, then with a file.
    After(usize, u16, Vec<u8>),
}

/// A web server on an address of this machine. Its thread ends with the tests.
pub(super) struct Origin {
    pub(super) address: SocketAddr,
    says: Script,
    asked: Heard,
}

/// How paths are answered.
type Script = Arc<Mutex<HashMap<String, Says>>>;
/// What was asked.
type Heard = Arc<Mutex<Vec<String>>>;

impl Origin {
    pub(super) fn new() -> Self {
        Self::on(Ipv4Addr::LOCALHOST)
    }

    pub(super) fn on(address: Ipv4Addr) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("a port");
        Self::listening(listener)
    }

    /// On the same port as another server, at another address.
    pub(super) fn beside(other: &Self, address: Ipv4Addr) -> Option<Self> {
        TcpListener::bind((address, other.address.port())).ok().map(Self::listening)
    }

    fn listening(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("an address");
        let (says, asked): (Script, Heard) = Default::default();
        let (told, heard) = (says.clone(), asked.clone());
        thread::spawn(move || {
            let counted = Arc::new(AtomicUsize::new(0));
            for stream in listener.incoming().flatten() {
                let (told, heard, counted) = (told.clone(), heard.clone(), counted.clone());
                thread::spawn(move || answer(stream, &told, &heard, &counted));
            }
        });
        Self { address, says, asked }
    }

    /// Answers a path so; returns its address.
    pub(super) fn says(&self, path: &str, says: Says) -> String {
        self.says.lock().expect("a lock").insert(path.into(), says);
        self.url(path)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The first lines and `Host` headers of all requests.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a lock").clone()
    }
}

fn answer(
    mut stream: TcpStream,
    says: &Mutex<HashMap<String, Says>>,
    asked: &Mutex<Vec<String>>,
    counted: &AtomicUsize,
) {
    let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let host = head.iter().find(|line| line.to_lowercase().starts_with("host:")).cloned().unwrap_or_default();
    asked.lock().expect("a lock").push(format!("{first} {host}"));
    let path = first.split(' ').nth(1).unwrap_or_default();
    let says = says.lock().expect("a lock").get(path).cloned();
    // The other side may go away in the middle: that is its right, and often what is tested.
    let _ = tell(&mut stream, says, counted);
}

fn tell(stream: &mut TcpStream, says: Option<Says>, counted: &AtomicUsize) -> std::io::Result<()> {
    let head = |status: &str, kind: &str, length: usize| {
        format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n")
    };
    match says {
        None => stream.write_all(head("404 Not Found", "text/plain", 0).as_bytes()),
        Some(Says::File(kind, bytes)) => {
            stream.write_all(head("200 OK", kind, bytes.len()).as_bytes())?;
            stream.write_all(&bytes)
        }
        Some(Says::After(times, status, bytes)) => {
            if counted.fetch_add(1, Ordering::SeqCst) < times {
                return stream.write_all(head(&format!("{status} No"), "text/plain", 0).as_bytes());
            }
            stream.write_all(head("200 OK", "image/png", bytes.len()).as_bytes())?;
            stream.write_all(&bytes)
        }
        Some(Says::To(address)) => stream
            .write_all(format!("HTTP/1.1 302 Found\r\nlocation: {address}\r\ncontent-length: 0\r\n\r\n").as_bytes()),
        Some(Says::Raw(bytes)) => stream.write_all(&bytes),
        Some(Says::Endless) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n")?;
            let piece = [7; 64 << 10];
            loop {
                stream.write_all(&piece)?;
            }
        }
        Some(Says::Drip) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1000000\r\n\r\n")?;
            loop {
                stream.write_all(b"x")?;
                thread::sleep(Duration::from_millis(100));
            }
        }
        Some(Says::Silence) => {
            thread::sleep(Duration::from_secs(120));
            Ok(())
        }
    }
}

/// A name server that knows these names; each question about one gets the next of its addresses, the last one for
/// ever.
pub(super) struct NameServer {
    pub(super) address: SocketAddr,
}

impl NameServer {
    pub(super) fn knowing(names: &[(&str, &[Ipv4Addr])]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address");
        let names: HashMap<String, Vec<Ipv4Addr>> =
            names.iter().map(|(name, addresses)| ((*name).to_owned(), addresses.to_vec())).collect();
        thread::spawn(move || {
            let mut times: HashMap<String, usize> = HashMap::new();
            let mut question = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                if let Some(answer) = named(&question[..length], &names, &mut times) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Self { address }
    }
}

/// The answer to a question, in the format of RFC 1035.
fn named(
    question: &[u8],
    names: &HashMap<String, Vec<Ipv4Addr>>,
    times: &mut HashMap<String, usize>,
) -> Option<Vec<u8>> {
    let (mut name, mut at) = (Vec::new(), 12);
    while *question.get(at)? > 0 {
        let length = usize::from(question[at]);
        name.push(String::from_utf8_lossy(question.get(at + 1..at + 1 + length)?).to_lowercase());
        at += 1 + length;
    }
    let asked = question.get(12..at + 5)?;
    let is_v4 = question.get(at + 1..at + 3)? == [0, 1];
    let known = names.get(&name.join("."));
    let address = known.filter(|_| is_v4).map(|addresses| {
        let time = times.entry(name.join(".")).or_default();
        let address = addresses[(*time).min(addresses.len() - 1)];
        *time += 1;
        address
    });
    // An answer; "no such name" for those that are unknown.
    let code = if known.is_some() { 0x80 } else { 0x83 };
    let mut answer = question[..2].to_vec();
    answer.extend([0x81, code, 0, 1, 0, u8::from(address.is_some()), 0, 0, 0, 0]);
    answer.extend(asked);
    if let Some(address) = address {
        answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
        answer.extend(address.octets());
    }
    Some(answer)
}
