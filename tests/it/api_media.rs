//! Pictures and files.

use crate::site::{Site, header};

/// The path of the first file whose name ends so.
fn media(site: &Site, ending: &str) -> String {
    let library = include_str!("../../data/starter/media.jsonl");
    let mut files = library.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let file = files.find(|file| file["filename"].as_str().is_some_and(|name| name.ends_with(ending)));
    let path = format!("/media/{}", file.expect("such a file")["id"].as_str().expect("an id"));
    assert_eq!(site.ask(&path, &[]).status(), 200);
    path
}

#[test]
fn a_part_of_a_file_is_the_part_that_was_asked_for() {
    let site = Site::starter();
    let path = media(&site, ".jpg");
    let whole = site.ask(&path, &[]).body_mut().read_to_vec().expect("bytes");
    let mut part = site.ask(&path, &[("Range", "bytes=100-199")]);
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, "content-range"), format!("bytes 100-199/{}", whole.len()));
    assert_eq!(part.body_mut().read_to_vec().expect("bytes"), whole[100..200]);
    let outside = site.ask(&path, &[("Range", &format!("bytes={}-", whole.len()))]);
    assert_eq!((outside.status().as_u16(), header(&outside, "content-type")), (416, "application/json"));
}

#[test]
fn a_file_is_never_sent_twice() {
    let site = Site::starter();
    let path = media(&site, ".jpg");
    let first = site.ask(&path, &[]);
    assert_eq!(header(&first, "content-type"), "image/jpeg");
    assert_eq!(header(&first, "cache-control"), "public, max-age=300");
    assert_eq!(site.ask(&path, &[("If-None-Match", header(&first, "etag"))]).status(), 304);
}

#[test]
fn a_drawing_cannot_run_scripts() {
    let site = Site::starter();
    let drawing = site.ask(&media(&site, ".svg"), &[]);
    assert_eq!(header(&drawing, "content-security-policy"), "sandbox");
    assert_eq!(header(&drawing, "x-content-type-options"), "nosniff");
}
