//! The library for programs: `/media`.

use serde_json::json;

use super::{Desk, png};

#[test]
fn programs_list_describe_and_delete_what_they_sent() {
    let desk = Desk::new();
    let form = |bytes: &[u8], name: &str| {
        let head = format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let alt = "\r\n--x\r\ncontent-disposition: form-data; name=\"alt\"\r\n\r\nJars\r\n--x--\r\n";
        [head.as_bytes(), bytes, alt.as_bytes()].concat()
    };
    let kind = ("content-type", "multipart/form-data; boundary=x");
    let first = desk.send("POST", "/media", &[kind], form(&png("1"), "jars.png"));
    assert_eq!(first.status, 201, "{}", first.json());
    assert_eq!((&first.json()["name"], &first.json()["alt"]), (&json!("jars.png"), &json!("Jars")));
    let second = desk.send("POST", "/media?name=note.txt&alt=x", &[("content-type", "text/plain")], "A note.");
    assert_eq!((second.status, &second.json()["type"]), (201, &json!("text/plain")), "{}", second.json());
    // The same upload again, and the same bytes again.
    let named = [kind, ("upload-id", "u-1")];
    let sent = desk.send("POST", "/media", &named, form(&png("2"), "a.png"));
    let repeated = desk.send("POST", "/media", &named, form(&png("2"), "a.png"));
    assert_eq!(sent.json(), repeated.json());

    let list = desk.send("GET", "/media?page_size=2", &[], "").json();
    assert_eq!(list["meta"], json!({"count": 3, "next_page": 2, "previous_page": null}));
    assert_eq!(list["data"][0]["id"], sent.json()["id"]);
    let narrowed = desk.send("GET", "/media?type=image&q=jars.png", &[], "").json();
    assert_eq!((&narrowed["meta"]["count"], &narrowed["data"][0]["id"]), (&json!(1), &first.json()["id"]));
    assert_eq!(desk.send("GET", "/media?type=elephant", &[], "").status, 400);

    let id = first.json()["id"].as_str().expect("an id").to_owned();
    let path = format!("/media/{id}");
    let edit = json!({"alt": "Two jars", "name": "two.png", "focal": [0.25, 0.75], "tags": ["Jars"], "unknown": 1});
    let edited = desk.json("PATCH", &path, &edit);
    assert_eq!((edited.status, &edited.json()["focal"]), (200, &json!([0.25, 0.75])), "{}", edited.json());
    let facts = desk.send("GET", &format!("{path}/facts"), &[], "").json();
    assert_eq!((&facts["alt"], &facts["tags"], &facts["used"]), (&json!("Two jars"), &json!(["Jars"]), &json!(0)));
    let wrong = desk.json("PATCH", &path, &json!({"focal": [2, 0], "tags": "x", "alt": 1, "folder": "a"}));
    assert_eq!((wrong.status, wrong.json().as_object().expect("problems").len()), (400, 4));

    assert_eq!(desk.send("DELETE", &path, &[], "").status, 204);
    for (method, path) in [("GET", format!("{path}/facts")), ("DELETE", path.clone()), ("GET", path)] {
        assert_eq!(desk.send(method, &path, &[], "").status, 404, "{method} {path}");
    }
    assert_eq!(desk.count(), 2);
}

#[test]
fn only_a_write_token_opens_the_library() {
    let mut desk = Desk::new();
    let id = desk.send("POST", "/media?name=a.png", &[], png("a")).json()["id"].as_str().expect("an id").to_owned();
    let (path, facts) = (format!("/media/{id}"), format!("/media/{id}/facts"));
    let read = desk.site.folder.done(&["token", "add", "--kind", "read"]);
    for token in [read.as_str(), "nonsense", ""] {
        desk.token = token.into();
        for (method, path) in [
            ("GET", "/media"),
            ("POST", "/media"),
            ("GET", facts.as_str()),
            ("PATCH", &path),
            ("DELETE", &path),
            ("POST", "/media/uploads"),
            ("HEAD", "/media/uploads/x"),
            ("GET", "/media/uploads/x"),
        ] {
            let answer = desk.send(method, path, &[("tus-resumable", "1.0.0")], "");
            assert_eq!(answer.status, 401, "{method} {path} with {token:?}");
        }
        // The file itself is open to all.
        assert_eq!(desk.send("GET", &path, &[], "").status, 200);
    }
}

#[test]
fn what_cannot_be_used_leaves_nothing_behind() {
    let desk = Desk::new();
    for (headers, body) in [
        (&[("content-type", "image/png")][..], b"MZ\x90\0".to_vec()),
        (&[("content-type", "image/png")], Vec::new()),
        (&[("content-type", "multipart/form-data; boundary=x")], b"--x\r\nnonsense".to_vec()),
        (&[("content-type", "multipart/form-data; boundary=x")], b"--x--\r\n".to_vec()),
        (&[("content-type", "application/json")], b"{".to_vec()),
        (&[("content-type", "application/json")], b"{}".to_vec()),
        (&[("content-type", "image/svg+xml")], b"<svg><script>1</script>".to_vec()),
    ] {
        let answer = desk.send("POST", "/media?name=a", headers, body);
        assert!(matches!(answer.status, 400 | 415), "{headers:?}: {}", answer.status);
        assert!(answer.json().is_object());
    }
    assert_eq!((desk.count(), desk.incoming().len()), (0, 0));
}
