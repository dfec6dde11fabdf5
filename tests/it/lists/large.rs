//! Ten thousand entries: what a list sends; how long it takes is printed.

use std::io::Write as _;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use larder::account::Role;

use super::office::{Office, link, titles};

/// dashboard.md 2.5: the HTML of a list with 50 rows.
const LIMIT: usize = 24 << 10;

fn packed(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("packed");
    encoder.finish().expect("packed").len()
}

#[test]
fn a_list_of_ten_thousand_entries_stays_small() {
    let office = Office::large(10_000);
    let ada = office.person("Ada", Role::Editor);
    let list = "/admin/c/p.generated";
    let mut page = ada.page(list);
    assert!(page.contains("of 10000"), "all are counted");
    for query in ["", "?sort=title", "?status=published", "?q=mill", "?q=mill+river+stone", "?status=draft&sort=title"]
    {
        let began = Instant::now();
        let page = ada.page(&format!("{list}{query}"));
        let (took, rows, size) = (began.elapsed(), titles(&page).len(), packed(&page));
        eprintln!("{list}{query}: {rows} rows, {} bytes, {size} packed, {took:?}", page.len());
        assert!(size < LIMIT, "{query}: {size} bytes packed");
    }
    for _ in 0..10 {
        page = ada.page(&link(&page, "Next").expect("a next page"));
        assert_eq!(titles(&page).len(), 50);
    }
    assert!(page.contains("501–550 of 10000"));
    for query in ["q=mi", "q=mill&for=link", "q=the&schema=p.generated", "q=zzz", ""] {
        let began = Instant::now();
        let found = ada.json(&format!("/admin/find?{query}"));
        eprintln!("find?{query}: {} in {:?}", found.as_array().expect("a list").len(), began.elapsed());
    }
}
