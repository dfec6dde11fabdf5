//! The PROXY protocol, by which a proxy says before anything else for whom it has connected
//! (<https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt>).

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// What version 2 begins with.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// What version 1 begins with.
const WORD: &[u8] = b"PROXY ";
/// The longest line of version 1, its end included.
const LINE: usize = 107;
/// How much version 2 may say. What the protocol defines takes far less.
const MOST: usize = 4 << 10;

/// For whom a proxy has connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proxied {
    /// The client; `None` when the proxy has connected for itself, or does not know.
    pub(super) client: Option<SocketAddr>,
    /// Whether the client has come through TLS.
    pub(super) secure: bool,
}

/// Reads what a proxy says, and no byte after it.
///
/// # Errors
/// When it is something else.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Proxied> {
    let mut head = [0; SIGNATURE.len()];
    stream.read_exact(&mut head).await?;
    let read = if head == *SIGNATURE { read_binary(stream).await? } else { read_line(stream, &head).await? };
    read.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it does not begin with a PROXY protocol header"))
}

/// Version 2.
async fn read_binary(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Proxied>> {
    let mut fixed = [0; 4];
    stream.read_exact(&mut fixed).await?;
    let [command, family, high, low] = fixed;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MOST {
        return Ok(None);
    }
    let mut said = vec![0; length];
    stream.read_exact(&mut said).await?;
    Ok(binary(command, family, &said))
}

/// What version 2 says after its length.
fn binary(command: u8, family: u8, said: &[u8]) -> Option<Proxied> {
    match command {
        0x20 => return Some(Proxied { client: None, secure: false }),
        0x21 => {}
        _ => return None,
    }
    let (client, parts) = match family {
        0x11 => (Some(socket::<4>(said)?), said.get(12..)?),
        0x21 => (Some(socket::<16>(said)?), said.get(36..)?),
        // Unspecified, datagrams, Unix sockets: there is nobody to name, and what follows is not looked at.
        _ => return Some(Proxied { client: None, secure: false }),
    };
    Some(Proxied { client, secure: through_tls(parts) })
}

/// The source of two addresses and two ports.
fn socket<const LENGTH: usize>(said: &[u8]) -> Option<SocketAddr>
where
    IpAddr: From<[u8; LENGTH]>,
{
    let address: [u8; LENGTH] = said.get(..LENGTH)?.try_into().ok()?;
    let port: [u8; 2] = said.get(2 * LENGTH..2 * LENGTH + 2)?.try_into().ok()?;
    Some(SocketAddr::new(IpAddr::from(address).to_canonical(), u16::from_be_bytes(port)))
}

/// Whether one of the further parts says that the client has come through TLS (`PP2_TYPE_SSL` with `PP2_CLIENT_SSL`).
fn through_tls(mut parts: &[u8]) -> bool {
    while let [kind, high, low, rest @ ..] = parts {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((value, after)) = rest.split_at_checked(length) else { return false };
        if *kind == 0x20 {
            return value.first().is_some_and(|flags| flags & 1 == 1);
        }
        parts = after;
    }
    false
}

/// Version 1, whose first bytes are read. Byte by byte, because what follows the line is not ours to take.
async fn read_line(stream: &mut (impl AsyncRead + Unpin), head: &[u8]) -> io::Result<Option<Proxied>> {
    if !head.starts_with(WORD) {
        return Ok(None);
    }
    let mut line = Vec::with_capacity(LINE);
    line.extend_from_slice(head);
    while !line.ends_with(b"\r\n") {
        if line.len() == LINE {
            return Ok(None);
        }
        line.push(stream.read_u8().await?);
    }
    Ok(std::str::from_utf8(&line).ok().and_then(text))
}

/// What version 1 says.
fn text(line: &str) -> Option<Proxied> {
    let said = line.strip_prefix("PROXY ")?.strip_suffix("\r\n")?;
    if said == "UNKNOWN" || said.starts_with("UNKNOWN ") {
        return Some(Proxied { client: None, secure: false });
    }
    let parts: Vec<&str> = said.split(' ').collect();
    let [family, source, _, port, _] = parts[..] else { return None };
    let source: IpAddr = source.parse().ok()?;
    let fits = matches!((family, source), ("TCP4", IpAddr::V4(_)) | ("TCP6", IpAddr::V6(_)));
    let client = SocketAddr::new(source.to_canonical(), port.parse().ok()?);
    fits.then_some(Proxied { client: Some(client), secure: false })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::io::AsyncReadExt as _;

    use super::{Proxied, SIGNATURE, read};

    /// What is read of bytes, and what is left of them.
    fn taken(bytes: &[u8]) -> Option<(Proxied, Vec<u8>)> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let mut stream = bytes;
            let proxied = read(&mut stream).await.ok()?;
            let mut left = Vec::new();
            stream.read_to_end(&mut left).await.expect("bytes");
            Some((proxied, left))
        })
    }

    fn client(text: &str, secure: bool) -> Proxied {
        Proxied { client: text.parse().ok(), secure }
    }

    fn version_2(command: u8, family: u8, said: &[u8]) -> Vec<u8> {
        let length = u16::try_from(said.len()).expect("short").to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, said].concat()
    }

    #[test]
    fn a_line_names_the_client() {
        let read = |line: &str| taken(format!("{line}\r\nGET /").as_bytes());
        let rest = b"GET /".to_vec();
        let four = client("192.0.2.1:56324", false);
        assert_eq!(read("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443"), Some((four, rest.clone())));
        let six = client("[2001:db8::1]:56324", false);
        assert_eq!(read("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443"), Some((six, rest.clone())));
        assert_eq!(read("PROXY UNKNOWN"), Some((client("", false), rest.clone())));
        assert_eq!(read("PROXY UNKNOWN ffff::1 ffff::2 1 2"), Some((client("", false), rest)));
        for wrong in [
            "PROXY TCP4 2001:db8::1 2001:db8::2 1 2",
            "PROXY TCP4 192.0.2.1 198.51.100.1 99999 443",
            "PROXY TCP4 192.0.2.1 198.51.100.1 56324",
            "PROXY UDP4 192.0.2.1 198.51.100.1 1 2",
            "GET / HTTP/1.1",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(taken(format!("PROXY UNKNOWN {}\r\n", "x".repeat(100)).as_bytes()), None, "too long");
    }

    #[test]
    fn version_2_names_the_client_and_whether_it_came_through_tls() {
        let four = [&[192, 0, 2, 1, 198, 51, 100, 1, 0xdc, 0x04, 1, 0xbb][..]].concat();
        let after = |header: Vec<u8>| taken(&[&header[..], b"GET /"].concat());
        let rest = b"GET /".to_vec();
        assert_eq!(after(version_2(0x21, 0x11, &four)), Some((client("192.0.2.1:56324", false), rest.clone())));
        let tls = [&four[..], &[4, 0, 1, 0, 0x20, 0, 5, 1, 0, 0, 0, 0]].concat();
        assert_eq!(after(version_2(0x21, 0x11, &tls)), Some((client("192.0.2.1:56324", true), rest.clone())));
        let mut six = [0; 36];
        (six[0], six[1], six[15], six[33]) = (0x20, 1, 7, 80);
        assert_eq!(after(version_2(0x21, 0x21, &six)), Some((client("[2001::7]:80", false), rest.clone())));
        for nobody in [version_2(0x20, 0, &[]), version_2(0x20, 0x11, &four), version_2(0x21, 0, &[1, 2, 3])] {
            assert_eq!(after(nobody), Some((client("", false), rest.clone())));
        }
        let wrong = [
            version_2(0x22, 0x11, &four),
            version_2(0x11, 0x11, &four),
            version_2(0x21, 0x11, &four[..11]),
            version_2(0x21, 0x21, &four),
            version_2(0x21, 0x11, &[0; 5_000]),
        ];
        for header in wrong {
            assert_eq!(after(header.clone()), None, "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..3) {
            let begin = [&b""[..], b"PROXY TCP4 192.0.2.1 ", SIGNATURE][usize::try_from(kind).expect("small")];
            bytes.splice(0..0, begin.iter().copied());
            if let Some((_, left)) = taken(&bytes) {
                prop_assert!(bytes.ends_with(&left) && left.len() < bytes.len());
            }
        }

        #[test]
        fn what_is_cut_short_is_refused(length in 0..28_usize) {
            let whole = version_2(0x21, 0x11, &[192, 0, 2, 1, 198, 51, 100, 1, 0xdc, 0x04, 1, 0xbb]);
            prop_assert_eq!(taken(&whole[..length]), None);
        }
    }
}
