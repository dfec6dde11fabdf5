//! Pictures of other servers in what the write API sends: brought into the library afterwards.

use serde_json::{Value, json};

use super::origin::{Origin, Says};
use super::{Desk, eventually, png};

/// A page type with a picture, and a list of them.
fn model() -> Value {
    json!({"larder_schema": 1, "page_types": [{"key": "story", "name": "Story", "fields": [
        {"key": "title", "type": "short_text"},
        {"key": "picture", "type": "media"},
        {"key": "text", "type": "wysiwyg"},
        {"key": "pictures", "type": "repeater", "fields": [{"key": "shown", "type": "media"}]},
    ]}]})
}

#[track_caller]
fn written(desk: &Desk, method: &str, path: &str, body: &Value) {
    let answer = desk.json(method, path, body);
    assert_eq!(answer.status, 202, "{}", answer.json());
}

fn is_ours(value: &Value) -> bool {
    value.as_str().is_some_and(|url| url.contains("/media/"))
}

#[test]
fn a_posts_pictures_are_brought_in_after_it_was_written() {
    let (desk, origin) = (Desk::new(), Origin::new());
    let featured = origin.says("/featured.png", Says::File("image/png", png("featured")));
    let inner = origin.says("/inner.png?a=1&b=2", Says::File("image/png", png("inner")));
    let body =
        format!("<p>{inner} <img alt=\"x\" src=\"{}\"> <img src=\"/media/own\"></p>", inner.replace('&', "&amp;"));
    let post = |slug: &str, all: bool| {
        json!({"title": "Jam", "slug": slug, "status": "published", "featured_image": featured,
            "featured_image_alt": "Jars", "body": body, "upload_images_to_media_library": all})
    };
    written(&desk, "POST", "/v2/posts/", &post("one", false));
    written(&desk, "POST", "/v2/posts/", &post("all", true));
    let all = eventually("both pictures are ours", || {
        let post = desk.read("/posts/all/");
        let done = is_ours(&post["featured_image"]) && !post["body"].as_str()?.contains("src=\"http://127.0.0.1:0");
        (done && !post["body"].as_str()?.contains(&format!("src=\"{}", inner.replace('&', "&amp;")))).then_some(post)
    });
    assert_eq!(all["featured_image_alt"], "Jars");
    let text = all["body"].as_str().expect("text");
    assert!(text.starts_with(&format!("<p>{inner} <img alt=\"x\" src=\"")), "only the picture changes: {text}");
    let one = eventually("the featured one is ours", || {
        Some(desk.read("/posts/one/")).filter(|post| is_ours(&post["featured_image"]))
    });
    assert!(one["body"].as_str().expect("text").contains(&inner.replace('&', "&amp;")), "not asked for");
    assert_eq!(one["featured_image"], all["featured_image"], "the same bytes are one file");
    assert_eq!(desk.count(), 2);

    // What a read answers is sent back as it is: nothing is fetched again.
    let asked = origin.asked().len();
    written(&desk, "PATCH", "/v2/posts/one/", &json!({"featured_image": one["featured_image"], "title": "Jam too"}));
    let changed = desk.read("/posts/one/");
    assert_eq!((&changed["featured_image"], &changed["title"]), (&one["featured_image"], &json!("Jam too")));
    assert_eq!((desk.count(), origin.asked().len()), (2, asked));
}

#[test]
fn pictures_of_pages_are_brought_in_and_edits_meanwhile_stay() {
    let (desk, origin) = (Desk::new(), Origin::new());
    desk.site.folder.apply(&model());
    let url = |name: &str| origin.url(name);
    // They answer only later: the write does not wait, and somebody else changes the page meanwhile.
    let fields = json!({"title": "A", "picture": {"url": url("/1.png"), "alt": "One"}, "text": format!("<img src=\"{}\">", url("/2.png")),
        "pictures": [{"shown": url("/2.png")}, {"shown": url("/none.png")}]});
    let page = json!({"title": "Story", "slug": "s", "page_type": "story", "status": "published", "fields": fields});
    origin.says("/1.png", Says::After(1, 503, png("1")));
    origin.says("/2.png", Says::File("image/png", png("2")));
    written(&desk, "POST", "/v2/pages/", &page);
    written(&desk, "PATCH", "/v2/pages/story/s/", &json!({"fields": {"title": "B"}}));
    let page = eventually("the pictures are ours", || {
        let page = desk.read("/pages/story/s/?alt_media_text=1");
        let fields = &page["fields"];
        (is_ours(&fields["picture"]["url"]) && is_ours(&fields["pictures"][0]["shown"]["url"])).then(|| fields.clone())
    });
    assert_eq!((&page["title"], &page["picture"]["alt"]), (&json!("B"), &json!("One")));
    assert_eq!(page["pictures"][1]["shown"]["url"], url("/none.png"), "what is not there keeps its address");
    assert!(page["text"].as_str().expect("text").contains(&url("/2.png")), "texts of pages stay as they are");
}

#[test]
fn what_is_wanted_survives_a_restart_and_a_draft_stays_a_draft() {
    let (mut desk, origin) = (Desk::new(), Origin::new());
    desk.site.folder.apply(&model());
    let url = origin.says("/slow.png", Says::Silence);
    let page = |slug: &str, status: &str| json!({"title": slug, "slug": slug, "page_type": "story", "status": status, "fields": {"title": "A", "picture": url}});
    written(&desk, "POST", "/v2/pages/", &page("live", "published"));
    written(&desk, "POST", "/v2/pages/", &page("draft", "draft"));
    eventually("it is asked for", || (!origin.asked().is_empty()).then_some(()));
    desk.site.again_with(&["--allow-private-fetch", "127.0.0.1"]);
    origin.says("/slow.png", Says::File("image/png", png("slow")));
    for (slug, path) in [("live", "/pages/story/live/"), ("draft", "/pages/story/draft/?preview=1")] {
        eventually(slug, || Some(desk.read(path)).filter(|page| is_ours(&page["fields"]["picture"])));
    }
    assert_eq!(desk.send("GET", "/v2/pages/story/draft/", &[], "").status, 404, "nothing went live by itself");
    assert_eq!(desk.count(), 1);
}
