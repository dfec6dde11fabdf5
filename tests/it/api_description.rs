//! The description of the API holds what it says.

use crate::site::{Site, header};

#[test]
fn every_read_it_names_is_answered() {
    let site = Site::starter();
    let description = site.read("/openapi.json");
    let paths = description["paths"].as_object().expect("paths");
    let reads = paths
        .iter()
        .filter(|(path, methods)| path.starts_with("/v2") && !path.contains('{') && methods["get"].is_object());
    let answers: Vec<_> = reads.map(|(path, _)| site.read(path.trim_start_matches("/v2"))).collect();
    assert!(answers.len() > 10, "{}", answers.len());
}

#[test]
fn the_welcome_page_loads_only_what_it_may() {
    let site = Site::starter();
    let mut page = site.ask("/", &[]);
    assert_eq!((page.status().as_u16(), header(&page, "content-type")), (200, "text/html; charset=utf-8"));
    assert!(header(&page, "content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    let text = page.body_mut().read_to_string().expect("text");
    assert!(text.contains(r#"href="/admin""#), "the way to the dashboard");
    assert!(text.contains("/welcome.css") && !text.contains("<style") && !text.contains("style="));
    assert_eq!(header(&site.ask("/welcome.css", &[]), "content-type"), "text/css; charset=utf-8");
}
