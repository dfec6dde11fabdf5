//! Uploads in pieces, by the tus protocol.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Answer, Desk, eventually, png};

const RESUMABLE: (&str, &str) = ("tus-resumable", "1.0.0");
const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");

/// Begins an upload; returns its path.
#[track_caller]
fn begin(desk: &Desk, name: &str, length: usize) -> String {
    let metadata = format!("filename {},alt {}", STANDARD.encode(name), STANDARD.encode("Jars"));
    let length = length.to_string();
    let headers = [RESUMABLE, ("upload-length", &length), ("upload-metadata", &metadata)];
    let begun = desk.send("POST", "/media/uploads", &headers, "");
    assert_eq!((begun.status, begun.header("upload-offset")), (201, "0"), "{}", String::from_utf8_lossy(&begun.body));
    begun.header("location").to_owned()
}

fn append(desk: &Desk, path: &str, offset: usize, piece: &[u8]) -> Answer {
    desk.send("PATCH", path, &[RESUMABLE, PIECE, ("upload-offset", &offset.to_string())], piece)
}

#[track_caller]
fn offset(desk: &Desk, path: &str) -> usize {
    let answer = desk.send("HEAD", path, &[RESUMABLE], "");
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    answer.header("upload-offset").parse().expect("a number")
}

/// The bytes that the library serves.
fn served(desk: &Desk, id: &str) -> Vec<u8> {
    desk.send("GET", &format!("/media/{id}"), &[], "").body
}

#[test]
fn a_file_comes_in_in_pieces() {
    let desk = Desk::new();
    let bytes = b"One line of a long note.\n".repeat(1000);
    let path = begin(&desk, "note.txt", bytes.len());
    assert!(path.starts_with("/media/uploads/"), "{path}");
    let sent = append(&desk, &path, 0, &bytes[..9000]);
    assert_eq!((sent.status, sent.header("upload-offset"), sent.header("tus-resumable")), (204, "9000", "1.0.0"));
    assert!(sent.header("upload-expires").ends_with("GMT"), "{}", sent.header("upload-expires"));
    assert_eq!((offset(&desk, &path), desk.count()), (9000, 0));
    assert_eq!(desk.send("GET", &path, &[], "").status, 404, "it is not there yet");

    // Not where it goes on; the upload stays as it is.
    for wrong in [0, 8999, 9001, bytes.len()] {
        assert_eq!(append(&desk, &path, wrong, &bytes[..10]).status, 409, "{wrong}");
    }
    assert_eq!(append(&desk, &path, 9000, &bytes).status, 413);
    assert_eq!(offset(&desk, &path), 9000);

    let last = append(&desk, &path, 9000, &bytes[9000..]);
    let id = last.header("larder-media").to_owned();
    assert_eq!((last.status, last.header("upload-offset").parse()), (204, Ok(bytes.len())));
    assert_eq!(served(&desk, &id), bytes);
    let facts = desk.send("GET", &path, &[], "").json();
    assert_eq!((&facts["id"], &facts["name"], &facts["alt"]), (&json!(id), &json!("note.txt"), &json!("Jars")));

    // Its answer was lost: the last piece is sent again.
    let again = append(&desk, &path, 9000, &bytes[9000..]);
    assert_eq!((again.status, again.header("larder-media"), desk.count()), (204, id.as_str(), 1));
    assert_eq!(offset(&desk, &path), bytes.len());
    assert!(desk.incoming().iter().all(|name| !name.ends_with(".part")), "{:?}", desk.incoming());

    // The same file once more is known.
    let path = begin(&desk, "other.txt", bytes.len());
    let known = append(&desk, &path, 0, &bytes);
    assert_eq!((known.header("larder-media"), known.header("larder-known"), desk.count()), (id.as_str(), "true", 1));
}

#[test]
fn an_upload_survives_a_process_that_is_killed() {
    let mut desk = Desk::new();
    let bytes = b"Sixteen letters\n".repeat(9 << 16);
    let path = begin(&desk, "long.txt", bytes.len());
    let mut stream = TcpStream::connect(desk.site.base().trim_start_matches("http://")).expect("connected");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Token {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        desk.token,
        bytes.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&bytes[..6 << 20]).expect("sent");
    let id = path.rsplit('/').next().expect("an id");
    let note = desk.site.folder.site().join(format!("media/incoming/{id}.offset"));
    let safe = || std::fs::read_to_string(&note).ok()?.trim().parse::<usize>().ok().filter(|safe| *safe >= 4 << 20);
    eventually("the pieces are made safe", safe);
    desk.site.again();

    let kept = offset(&desk, &path);
    assert!((4 << 20..=6 << 20).contains(&kept), "{kept}");
    assert_eq!(desk.count(), 0);
    let last = append(&desk, &path, kept, &bytes[kept..]);
    assert_eq!(last.status, 204, "{}", String::from_utf8_lossy(&last.body));
    assert_eq!((served(&desk, last.header("larder-media")) == bytes, desk.count()), (true, 1));
}

#[test]
fn who_was_cut_off_goes_on_while_the_server_still_waits_for_the_rest() {
    let desk = Desk::new();
    let bytes = png("goes on");
    let path = begin(&desk, "a.png", bytes.len());
    let mut stream = TcpStream::connect(desk.site.base().trim_start_matches("http://")).expect("connected");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Token {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {}\r\n\r\n",
        desk.token,
        bytes.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&bytes[..30]).expect("sent");
    // As clients do: what the first connection brought may become safe between the question and the rest.
    eventually("the rest is taken", || {
        let at = offset(&desk, &path);
        Some(append(&desk, &path, at, &bytes[at..])).filter(|answer| answer.status == 204)
    });
    let mut left = String::new();
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("set");
    let _ = stream.read_to_string(&mut left);
    assert!(!left.contains("204"), "{left}");
    assert_eq!(desk.count(), 1);
}

#[test]
fn pieces_are_checked_when_they_come_with_a_sum() {
    let desk = Desk::new();
    let bytes = png("sum");
    let path = begin(&desk, "a.png", bytes.len());
    let send = |offset: usize, sum: &str, piece: &[u8]| {
        let offset = offset.to_string();
        desk.send("PATCH", &path, &[RESUMABLE, PIECE, ("upload-offset", &offset), ("upload-checksum", sum)], piece)
    };
    let sum = |piece: &[u8]| format!("sha256 {}", STANDARD.encode(Sha256::digest(piece)));
    assert_eq!(send(0, &sum(b"other"), &bytes[..20]).status, 460);
    assert_eq!(send(0, "md5 AAAA", &bytes[..20]).status, 400);
    assert_eq!(offset(&desk, &path), 0);
    assert_eq!(send(0, &sum(&bytes[..20]), &bytes[..20]).header("upload-offset"), "20");
    assert_eq!(send(20, &sum(b"other"), &bytes[20..]).status, 460);
    assert_eq!((offset(&desk, &path), desk.count()), (20, 0));
    let sha1 = format!("sha1 {}", STANDARD.encode(<sha1::Sha1 as sha1::Digest>::digest(&bytes[20..])));
    assert_eq!((send(20, &sha1, &bytes[20..]).status, desk.count()), (204, 1));
}

#[test]
fn the_protocol_is_kept() {
    let desk = Desk::new();
    let spoken = desk.send("OPTIONS", "/media/uploads", &[], "");
    assert_eq!(spoken.status / 100, 2);
    assert_eq!(spoken.header("tus-version"), "1.0.0");
    assert_eq!(spoken.header("tus-extension"), "creation,creation-with-upload,termination,checksum,expiration");
    assert_eq!((spoken.header("tus-max-size"), spoken.header("tus-checksum-algorithm")), ("1073741824", "sha1,sha256"));

    // No version, another one, no length, too long, empty, no piece, nonsense.
    let path = begin(&desk, "a.png", 100);
    for (method, at, headers, status) in [
        ("POST", "/media/uploads", &[("upload-length", "5")][..], 412),
        ("POST", "/media/uploads", &[("tus-resumable", "0.2.2"), ("upload-length", "5")], 412),
        ("HEAD", &path, &[], 412),
        ("PATCH", &path, &[PIECE, ("upload-offset", "0")], 412),
        ("DELETE", &path, &[], 412),
        ("POST", "/media/uploads", &[RESUMABLE], 400),
        ("POST", "/media/uploads", &[RESUMABLE, ("upload-defer-length", "1")], 400),
        ("POST", "/media/uploads", &[RESUMABLE, ("upload-length", "-1")], 400),
        ("POST", "/media/uploads", &[RESUMABLE, ("upload-length", "0")], 400),
        ("POST", "/media/uploads", &[RESUMABLE, ("upload-length", "99999999999")], 413),
        ("POST", "/media/uploads", &[RESUMABLE, ("upload-length", "5"), ("upload-metadata", "filename %%")], 400),
        ("PATCH", &path, &[RESUMABLE, ("upload-offset", "0")], 415),
        ("PATCH", &path, &[RESUMABLE, PIECE], 400),
        ("PATCH", "/media/uploads/0123456789abcdef0123456789abcdef", &[RESUMABLE, PIECE, ("upload-offset", "0")], 404),
        ("HEAD", "/media/uploads/..%2f..%2flarder.db", &[RESUMABLE], 404),
        ("DELETE", "/media/uploads/x", &[RESUMABLE], 404),
    ] {
        let answer = desk.send(method, at, headers, "");
        assert_eq!((answer.status, answer.header("tus-version")), (status, "1.0.0"), "{method} {at} {headers:?}");
    }
    // A client that may only send POST; a first piece with the beginning.
    let headers = [RESUMABLE, PIECE, ("x-http-method-override", "PATCH"), ("upload-offset", "0")];
    assert_eq!(desk.send("POST", &path, &headers, "12345").header("upload-offset"), "5");
    let bytes = png("with upload");
    let length = bytes.len().to_string();
    let headers = [RESUMABLE, PIECE, ("upload-length", &length), ("upload-metadata", "filename YS5wbmc=")];
    let whole = desk.send("POST", "/media/uploads", &headers, bytes);
    assert_eq!((whole.status, whole.header("upload-offset"), desk.count()), (201, length.as_str(), 1));
    assert!(!whole.header("larder-media").is_empty());

    assert_eq!(desk.send("DELETE", &path, &[RESUMABLE], "").status, 204);
    assert_eq!(desk.send("HEAD", &path, &[RESUMABLE], "").status, 404);
    assert!(desk.incoming().iter().all(|name| !path.ends_with(name.split('.').next().unwrap_or_default())));
}

#[test]
fn uploads_belong_to_who_began_them_and_end_by_themselves() {
    let mut desk = Desk::new();
    let path = begin(&desk, "a.png", 100);
    let own = desk.token.clone();
    desk.token = desk.site.folder.done(&["token", "add", "--kind", "write"]);
    assert_eq!(desk.send("HEAD", &path, &[RESUMABLE], "").status, 404);
    assert_eq!(append(&desk, &path, 0, b"x").status, 404);
    assert_eq!(desk.send("DELETE", &path, &[RESUMABLE], "").status, 404);

    // As many as one sender may have; others are not held up by that.
    for _ in 0..100 {
        begin(&desk, "b.png", 100);
    }
    let headers = [RESUMABLE, ("upload-length", "100")];
    let one_more = desk.send("POST", "/media/uploads", &headers, "");
    assert_eq!(one_more.status, 429);
    assert!(one_more.json()["detail"].as_str().is_some_and(|text| text.contains("100 uploads are under way")));
    desk.token = own;
    let large = [RESUMABLE, ("upload-length", "1073741824")];
    let statuses: Vec<u16> = (0..8).map(|_| desk.send("POST", "/media/uploads", &large, "").status).collect();
    assert_eq!(statuses, [201, 201, 201, 201, 201, 201, 201, 429]);

    // A day later.
    let folder = desk.site.folder.site().join("media/incoming");
    for file in std::fs::read_dir(&folder).expect("readable") {
        let file = std::fs::File::options().write(true).open(file.expect("a file").path()).expect("opened");
        file.set_modified(SystemTime::now() - Duration::from_secs(25 * 60 * 60)).expect("set");
    }
    assert_eq!(desk.send("HEAD", &path, &[RESUMABLE], "").status, 404);
    desk.site.again();
    eventually("what was given up is removed", || desk.incoming().is_empty().then_some(()));
}

#[test]
fn what_cannot_be_used_ends_with_its_last_piece() {
    let desk = Desk::new();
    let path = begin(&desk, "a.png", 4);
    let last = append(&desk, &path, 0, b"MZ\x90\0");
    assert!(matches!(last.status, 400 | 415), "{}", last.status);
    assert!(last.json().to_string().contains("Files of this type cannot be used"));
    assert_eq!(desk.send("HEAD", &path, &[RESUMABLE], "").status, 404);
    assert_eq!((desk.count(), desk.incoming().len()), (0, 0));
}
