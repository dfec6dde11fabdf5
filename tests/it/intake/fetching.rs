//! Files from other servers: every guard, by the door.

use std::net::Ipv4Addr;

use super::origin::{NameServer, Origin, Says};
use super::{Desk, png};

#[test]
fn a_file_is_taken_in_by_its_address_and_only_once() {
    let (desk, origin) = (Desk::new(), Origin::new());
    let url = origin.says("/x/My%20jar.png?size=3", Says::File("image/png", png("a")));
    let taken = desk.json("POST", "/media", &serde_json::json!({"url": url, "alt": "Jar"}));
    assert_eq!(taken.status, 201, "{}", taken.json());
    let facts = taken.json();
    assert_eq!(
        (&facts["name"], &facts["alt"], &facts["type"]),
        (&"My jar.png".into(), &"Jar".into(), &"image/png".into())
    );
    let asked = origin.asked();
    assert_eq!(asked, [format!("GET /x/My%20jar.png?size=3 HTTP/1.1 host: {}", origin.address)]);
    let again = desk.fetch(&url);
    assert_eq!((again.status, &again.json()["known"], &again.json()["id"]), (200, &true.into(), &facts["id"]));
    assert_eq!((desk.count(), desk.incoming().len()), (1, 0));
}

#[test]
fn what_only_this_machine_sees_is_never_asked() {
    let desk = Desk::with(&[]);
    let origin = Origin::new();
    origin.says("/x.png", Says::File("image/png", png("secret")));
    let port = origin.address.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "0.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "224.0.0.1",
        "localhost",
    ] {
        let said = desk.refused(&format!("http://{host}:{port}/x.png"));
        assert!(said.contains("is not on the public internet"), "{host}: {said}");
    }
    assert!(desk.refused(&format!("http://me:secret@127.0.0.1:{port}/x.png")).contains("user name or password"));
    assert!(desk.refused("http://127.0.0.1:22/x.png").contains("Port 22"));
    for address in ["", "x", "/media/x", "ftp://a.example/x", "file:///etc/passwd", "gopher://127.0.0.1/x"] {
        let answer = desk.fetch(address);
        assert_eq!(answer.status, 400, "{address}");
        assert!(answer.json()["url"][0].is_string(), "{address}");
    }
    assert_eq!((origin.asked().len(), desk.count(), desk.incoming().len()), (0, 0, 0));
}

#[test]
fn names_and_redirects_are_judged_by_where_they_lead() {
    let (outside, inside) = (Origin::new(), Origin::on(Ipv4Addr::new(127, 0, 0, 2)));
    inside.says("/x.png", Says::File("image/png", png("secret")));
    let (allowed, refused) = (Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2));
    let names = NameServer::knowing(&[
        ("good.example", &[allowed]),
        ("bad.example", &[refused]),
        ("turns.example", &[allowed, refused]),
    ]);
    let name_server = names.address.to_string();
    let desk = Desk::with(&["--allow-private-fetch", "127.0.0.1", "--name-server", &name_server]);
    let port = inside.address.port();

    let said = desk.refused(&format!("http://bad.example:{port}/x.png"));
    assert!(said.contains("bad.example is not on the public internet"), "{said}");
    assert!(desk.refused("http://unknown.example/x.png").contains("There is no server called unknown.example"));

    // Allowed at first; where it leads is not.
    for target in
        [inside.url("/x.png"), format!("http://bad.example:{port}/x.png"), format!("//127.0.0.2:{port}/x.png")]
    {
        let hop = outside.says("/hop", Says::To(target.clone()));
        assert!(desk.refused(&hop).contains("is not on the public internet"), "{target}");
    }
    for target in ["file:///etc/passwd", "ftp://a.example/x", "http://127.0.0.1:22/"] {
        let hop = outside.says("/hop", Says::To(target.into()));
        desk.refused(&hop);
    }
    let round = outside.says("/round", Says::To("/round".into()));
    assert!(desk.refused(&round).contains("more than 5 times"));
    assert_eq!(outside.asked().iter().filter(|line| line.contains("/round")).count(), 6);

    // A name that changes its mind between being judged and being asked.
    let good = outside.says("/y.png", Says::File("image/png", png("good")));
    let rebound = Origin::beside(&outside, refused);
    let host = format!("turns.example:{}", outside.address.port());
    assert_eq!(desk.fetch(&format!("http://{host}/y.png")).status, 201);
    assert!(desk.refused(&format!("http://{host}/y.png")).contains("is not on the public internet"));
    assert!(rebound.is_none_or(|rebound| rebound.asked().is_empty()));
    let named = format!("http://good.example:{}/y.png", outside.address.port());
    let hop = outside.says("/hop", Says::To(named));
    assert_eq!((desk.fetch(&hop).status, desk.fetch(&good).status), (200, 200));
    assert!(inside.asked().is_empty(), "{:?}", inside.asked());
    assert_eq!((desk.count(), desk.incoming().len()), (1, 0));
}

#[test]
fn what_is_no_file_or_never_ends_is_not_taken() {
    let origin = Origin::new();
    let desk = Desk::with(&["--allow-private-fetch", "127.0.0.1", "--fetch-seconds", "20"]);
    let said = |path: &str, says: Says| desk.refused(&origin.says(path, says));
    let raw = |head: &str, body: &[u8]| Says::Raw([head.replace('\n', "\r\n").as_bytes(), body].concat());

    assert!(desk.refused(&origin.url("/none")).contains("There is nothing at this address"));
    let page = said("/page", Says::File("text/html; charset=utf-8", b"<html>".to_vec()));
    assert!(page.contains("address of a page"), "{page}");
    let huge = raw("HTTP/1.1 200 OK\ncontent-type: image/png\ncontent-length: 99999999999\n\n", b"x");
    assert!(said("/huge", huge).contains("larger than 100 MB"));
    assert!(said("/endless", Says::Endless).contains("larger than 100 MB"));
    let bomb = raw(
        "HTTP/1.1 200 OK\ncontent-type: image/png\ncontent-encoding: gzip\ncontent-length: 4\n\n",
        b"\x1f\x8b\x08\0",
    );
    assert!(said("/bomb", bomb).contains("sent it packed"));
    let short = raw("HTTP/1.1 200 OK\ncontent-type: image/png\ncontent-length: 500\n\n", &png(""));
    assert!(said("/short", short).contains("did not answer as a web server does"));
    assert!(said("/noise", Says::Raw(b"SSH-2.0-x\r\n".to_vec())).contains("did not answer as a web server does"));
    assert!(said("/forbidden", raw("HTTP/1.1 403 No\ncontent-length: 0\n\n", b"")).contains("403"));
    assert!(said("/busy", raw("HTTP/1.1 503 No\ncontent-length: 0\n\n", b"")).contains("Try again later"));
    // What it says of itself counts for nothing: the bytes tell.
    for (kind, bytes) in [("image/png", b"MZ\x90\0program".to_vec()), ("image/png", b"#!/bin/sh\n\x01".to_vec())] {
        let url = origin.says("/wrong", Says::File(kind, bytes));
        let answer = desk.fetch(&url);
        assert_eq!(answer.status / 100, 4, "{}", answer.json());
        assert!(answer.json().to_string().contains("Files of this type cannot be used"));
    }
    let empty = desk.fetch(&origin.says("/empty", Says::File("image/png", Vec::new())));
    assert!((empty.status, empty.json().to_string().contains("empty")) == (400, true), "{}", empty.json());
    assert_eq!((desk.count(), desk.incoming().len()), (0, 0));
}

#[test]
fn who_is_too_slow_is_given_up() {
    let origin = Origin::new();
    let desk = Desk::with(&["--allow-private-fetch", "127.0.0.1", "--fetch-seconds", "3"]);
    let dripping = desk.refused(&origin.says("/drip", Says::Drip));
    assert!(dripping.contains("longer than 3 seconds"), "{dripping}");
    let silent = desk.refused(&origin.says("/silence", Says::Silence));
    assert!(silent.contains("3 seconds"), "{silent}");
    assert_eq!((desk.count(), desk.incoming().len()), (0, 0));
}
