//! Files from the dashboard: by address and in pieces.

use serde_json::json;

use super::desk::{Desk, VIEWER, WRITER};

#[test]
fn pieces_and_addresses_come_in_for_who_may_upload() {
    let desk = Desk::new();
    let mut writer = desk.person(WRITER);
    let csrf = writer.csrf.clone();
    let note = "A note that comes in two pieces.";
    let length = note.len().to_string();
    let tus = [("tus-resumable", "1.0.0"), ("x-csrf-token", csrf.as_str())];
    let begin = [&tus[..], &[("upload-length", &length), ("upload-metadata", "filename bm90ZS50eHQ=")]].concat();
    let begun = writer.send("POST", "/admin/media/uploads", &begin, String::new());
    assert_eq!((begun.status, begun.location.starts_with("/admin/media/uploads/")), (201, true), "{}", begun.text);
    let path = begun.location;
    for (offset, piece) in [("0", &note[..10]), ("10", &note[10..])] {
        let piece_of = [("content-type", "application/offset+octet-stream"), ("upload-offset", offset)];
        let sent = writer.send("PATCH", &path, &[&tus[..], &piece_of].concat(), piece.to_owned());
        assert_eq!(sent.status, 204, "{}", sent.text);
    }
    let facts = writer.send("GET", &path, &[], String::new()).json();
    assert_eq!((&facts["name"], &facts["size"], &facts["by"]), (&json!("note.txt"), &json!(note.len()), &json!("wri")));

    let refused = writer.post_json("/admin/media", &json!({"url": "http://127.0.0.1:9999/x.png"}));
    assert_eq!((refused.status, &refused.json()["error"]), (422, &json!("address")), "{}", refused.text);
    assert!(refused.json()["message"].as_str().is_some_and(|text| text.contains("not on the public internet")));
    assert_eq!(writer.post_json("/admin/media", &json!({"alt": "x"})).status, 400);

    // Not without the page's word, not from another person, and not without the right.
    let alone = [("tus-resumable", "1.0.0"), ("upload-length", "5")];
    assert_eq!(writer.send("POST", "/admin/media/uploads", &alone, String::new()).status, 403);
    let mut viewer = desk.person(VIEWER);
    let csrf = viewer.csrf.clone();
    let tus = [("tus-resumable", "1.0.0"), ("x-csrf-token", csrf.as_str()), ("upload-length", "5")];
    assert_eq!(viewer.send("POST", "/admin/media/uploads", &tus, String::new()).status, 403);
    assert_eq!(viewer.send("DELETE", &path, &tus, String::new()).status, 403);
    assert_eq!(viewer.post_json("/admin/media", &json!({"url": "http://127.0.0.1:9999/x.png"})).status, 403);
}
