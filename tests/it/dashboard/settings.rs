//! Settings.

use super::visitor::{Visitor, owned};

const OLGA: &str = "olga@example.com";

#[test]
fn a_section_saves_for_itself_and_says_what_it_changed() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let sent = [("site_name", "The <Mill>"), ("time_zone", "Europe/Berlin")];
    let page = olga.post("/admin/settings/save/general", &sent);
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("General is saved.") && page.text.contains("Site name: The &lt;Mill&gt;"),
        "{}",
        page.text
    );
    assert_eq!(site.folder.done(&["setting", "get", "site_name"]), "The <Mill>");
    assert!(olga.post("/admin/settings/save/general", &sent).text.contains("nothing was changed"));
    // Another section is not touched.
    let blog = [("blog_title", "News"), ("blog_url_prefix", ""), ("serve_draft_posts", "true")];
    assert!(olga.post("/admin/settings/save/blog", &blog).text.contains("Serve drafts of posts: on."));
    assert_eq!(site.folder.done(&["setting", "get", "time_zone"]), "Europe/Berlin");
    let blog = [("blog_title", "News"), ("blog_url_prefix", "")];
    assert!(olga.post("/admin/settings/save/blog", &blog).text.contains("Serve drafts of posts: off."));
    assert_eq!(site.folder.done(&["setting", "get", "serve_draft_posts"]), "false");
    assert_eq!(olga.post("/admin/settings/save/nonsense", &[]).status, 404);
}

#[test]
fn what_does_not_fit_stays_in_the_form_and_changes_nothing() {
    let site = owned();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let sent = [("page_url", "https://example.com/{slug}"), ("preview_url", "javascript:alert(1)")];
    let page = olga.post("/admin/settings/save/preview", &sent);
    assert_eq!(page.status, 422);
    assert!(
        page.text.contains("An address begins with https://") && page.text.contains("javascript:alert(1)"),
        "{}",
        page.text
    );
    assert_eq!(site.folder.done(&["setting", "get", "page_url"]), "");
    let sent = [("site_name", "x"), ("time_zone", "Middle/Earth")];
    assert_eq!(olga.post("/admin/settings/save/general", &sent).status, 422);
}
