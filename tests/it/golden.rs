//! Every public shape, on the starter site, as files that are reviewed like code.
//! `LARDER_BLESS=1 cargo test --test it golden` writes them anew.

use std::path::Path;

use serde_json::Value;

use crate::site::Site;

/// A file's name and the question it answers.
const SHAPES: &[(&str, &str)] = &[
    ("posts", "/posts/?page_size=2&exclude_body=1"),
    ("posts_window", "/posts/?limit=1&offset=3&exclude_body=1"),
    ("posts_of_author", "/posts/?author_slug=bram-ottley&page_size=1"),
    ("posts_preview", "/posts/?preview=1&page_size=1&exclude_body=1"),
    ("post", "/posts/harvest-day/"),
    ("post_translation", "/posts/rye-for-beginners/?locale=de"),
    ("post_search", "/posts/search/?query=starter+flour&page_size=1"),
    ("authors", "/authors/"),
    ("author_with_posts", "/authors/bram-ottley/?include=recent_posts"),
    ("categories", "/categories/"),
    ("category", "/categories/recipes/"),
    ("tags", "/tags/"),
    ("feed_rss", "/feeds/rss/?category_slug=recipes"),
    ("feed_atom", "/feeds/atom/?category_slug=recipes"),
    ("feed_sitemap", "/feeds/sitemap/"),
    ("page", "/pages/landing-page/home/"),
    ("page_german", "/pages/landing-page/home/?locale=de"),
    ("page_alt", "/pages/landing-page/our-mill/?alt_media_text=1"),
    ("page_draft", "/pages/*/visit-us/?preview=1"),
    ("page_level_1", "/pages/story/the-blue-door/?levels=1"),
    ("page_level_3", "/pages/story/the-blue-door/?levels=3"),
    ("pages", "/pages/story/?page_size=1"),
    ("pages_filtered", "/pages/story/?fields.flours.in_stock=true&order=-flour_per_week&page_size=2&levels=1"),
    ("pages_single", "/pages/*/"),
    ("page_search", "/pages/search/?query=river&page_size=1"),
    ("collection", "/content/navigation_menu/"),
    ("collections", "/content/?keys=navigation_menu,navigation_menu_item"),
    ("collections_none", "/content/?keys="),
    ("item", "/content/faq/118/"),
];

#[test]
fn answers_have_the_shapes_on_file() {
    let site = Site::starter();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/api");
    let bless = std::env::var_os("LARDER_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, question) in SHAPES {
        let answer = without_address(&site.read(question), site.base());
        let text = serde_json::to_string_pretty(&answer).expect("JSON") + "\n";
        let file = folder.join(format!("{name}.json"));
        if bless {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&file, &text).expect("written");
        } else if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
            wrong.push(*name);
        }
    }
    assert!(wrong.is_empty(), "not as on file: {wrong:?}; LARDER_BLESS=1 writes what is answered now");
}

/// The same answer from a server at a fixed address.
fn without_address(answer: &Value, base: &str) -> Value {
    serde_json::from_str(&answer.to_string().replace(base, "https://cms.example.com")).expect("JSON")
}
