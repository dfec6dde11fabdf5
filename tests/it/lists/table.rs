//! Lists: what they show, and by which addresses.

use larder::account::Role;
use larder::authoring::State;

use super::office::{Office, link, titles};

#[test]
fn a_list_shows_each_status_with_its_count() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let before = ada.page("/admin/c/posts");
    office.post("Oak & ash", "oak", "Ada", State::Draft);
    let page = ada.page("/admin/c/posts");
    assert_eq!(titles(&page).first().map(String::as_str), Some("Oak & ash"), "the latest edit stands first");
    assert_eq!(titles(&page).len(), titles(&before).len() + 1);
    for (label, status) in [("All", ""), ("Drafts", "draft"), ("Scheduled", "scheduled"), ("Published", "published")] {
        let path = link(&page, label).expect("a tab");
        assert_eq!(
            path,
            if status.is_empty() { "/admin/c/posts".into() } else { format!("/admin/c/posts?status={status}") }
        );
        let listed = titles(&ada.page(&path)).len();
        assert!(page.contains(&format!("{label} <span class=\"n\">{listed}</span>")), "{label} {listed}");
    }
    assert!(page.contains("aria-sort=\"descending\""));
}

#[test]
fn words_are_found_in_title_and_text_and_marked() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    office.post("Crème caramel", "creme", "Ada", State::Published);
    let page = ada.page("/admin/c/posts?q=creme");
    assert_eq!(titles(&page), ["Crème caramel"]);
    assert!(page.contains("<mark>Crème</mark>"));
    let page = ada.page("/admin/c/posts?q=carda");
    assert_eq!(titles(&page), ["Crème caramel"]);
    assert!(page.contains("<mark>cardamom</mark>"), "the text around what was found");
    let page = ada.page("/admin/c/posts?q=%22%3E%3Cscript%3Ezebra");
    assert!(page.contains("No posts match “&quot;&gt;&lt;script&gt;zebra”"));
    assert!(page.contains("Clear filters"));
    assert!(!page.contains("<script>zebra"));
}

#[test]
fn filters_stand_in_the_address_and_can_be_taken_away() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let page = ada.page("/admin/c/posts");
    let category =
        page.split("?category=").nth(1).and_then(|rest| rest.split('"').next()).expect("a category").to_owned();
    let narrowed = ada.page(&format!("/admin/c/posts?category={category}"));
    assert!(!titles(&narrowed).is_empty() && titles(&narrowed).len() < titles(&page).len());
    assert!(narrowed.contains("Remove this filter"));
    assert!(titles(&ada.page("/admin/c/posts?category=no-such-thing")).is_empty());
    office.post("Mine", "mine", "Ada", State::Draft);
    assert_eq!(titles(&ada.page("/admin/c/posts?mine=1")), ["Mine"]);
    assert_eq!(titles(&ada.page("/admin/c/posts?mine=1&status=published")), Vec::<String>::new());
    assert_eq!(titles(&ada.page("/admin/c/posts?mine=1&status=draft&q=mine&sort=title")), ["Mine"]);
}

#[test]
fn addresses_that_make_no_sense_still_show_a_list() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let plain = titles(&ada.page("/admin/c/posts"));
    for query in [
        "status=lost",
        "sort=colour",
        "after=x",
        "before=1-2",
        "at=-1",
        "%00=%ff&q=%00",
        "sort=order",
        "after=1-1-zzz&sort=title",
        "q=%22%20OR%20*%20NEAR(",
        "q=)&author=",
        "locale=",
        "status=&mine=2",
    ] {
        let page = ada.page(&format!("/admin/c/posts?{query}"));
        assert!(page.contains("<h1>"), "{query}");
        if !query.contains("q=") && !query.contains("after=1") {
            assert_eq!(titles(&page).len(), plain.len(), "{query}");
        }
    }
    assert_eq!(ada.get("/admin/c/nothing").status, 404);
    assert_eq!(ada.get("/admin/c/p.nothing").status, 404);
}

#[test]
fn pages_follow_each_other_even_when_their_ends_are_deleted() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let before = titles(&ada.page("/admin/c/posts")).len();
    let made: Vec<_> =
        (0..110).map(|n| office.post(&format!("Post {n:03}"), &format!("post-{n}"), "Ada", State::Draft)).collect();
    let first = ada.page("/admin/c/posts");
    assert_eq!(titles(&first).len(), 50);
    assert!(first.contains(&format!("1–50 of {}", before + 110)));
    // The line that the next page is told by goes away.
    office.authoring.delete(made[60], false, larder::authoring::Signature::now("Ada")).expect("deleted");
    let second = ada.page(&link(&first, "Next").expect("a next page"));
    assert!(second.contains("51–100"));
    let third = ada.page(&link(&second, "Next").expect("a next page"));
    let all: Vec<String> = [&first, &second, &third].into_iter().flat_map(|page| titles(page)).collect();
    assert_eq!(all.len(), before + 110, "the deleted one was shown before it was deleted");
    assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len(), "each is there once");
    assert!(link(&third, "Next").is_none());
    let back = ada.page(&link(&third, "Previous").expect("a previous page"));
    assert_eq!(titles(&back), titles(&second));
    let start = ada.page(&link(&back, "Previous").expect("a previous page"));
    assert_eq!(titles(&start).len(), 49, "the first page, without the deleted line");
    assert!(link(&start, "Previous").is_none());
}

#[test]
fn columns_and_views_are_remembered_for_one_person() {
    let office = Office::starter();
    let (ada, bea) = (office.person("Ada", Role::Editor), office.person("Bea", Role::Editor));
    let told = ada.send(
        "/admin/c/posts/columns",
        &[("column", "status"), ("column", "went_live"), ("column", "x"), ("query", "status=published")],
    );
    assert_eq!((told.status, told.location.as_str()), (303, "/admin/c/posts?status=published"));
    let page = ada.page("/admin/c/posts");
    assert!(page.contains("Live since</th>") && !page.contains("Author</th>"));
    assert!(bea.page("/admin/c/posts").contains("Author</th>"));
    let told =
        ada.send("/admin/c/posts/views", &[("name", " Oak <b> "), ("query", "q=oak&status=draft&after=1-1-1&x=y")]);
    assert_eq!(told.location, "/admin/c/posts?status=draft&q=oak");
    let page = ada.page("/admin/c/posts");
    assert_eq!(link(&page, "Oak &lt;b&gt;").as_deref(), Some("/admin/c/posts?status=draft&q=oak"));
    assert!(!bea.page("/admin/c/posts").contains("Oak &lt;b&gt;"));
    let address =
        page.split("action=\"/admin/c/posts/views/").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    bea.send(&format!("/admin/c/posts/views/{address}"), &[]);
    assert!(ada.page("/admin/c/posts").contains("Oak &lt;b&gt;"), "nobody removes another's view");
    ada.send(&format!("/admin/c/posts/views/{address}"), &[]);
    assert!(!ada.page("/admin/c/posts").contains("Oak &lt;b&gt;"));
    assert_eq!(ada.send("/admin/c/posts/views", &[("name", " "), ("query", "")]).status, 400);
}

#[test]
fn titles_of_all_writings_are_shown_and_found() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let title = "خبز الزيتون 🫒 שמן";
    office.post(title, "bread-olive", "Ada", State::Published);
    let nameless = office.post("Nothing", "no-title", "Ada", State::Draft);
    office.draft(nameless, "", "Ada");
    let page = ada.page("/admin/c/posts");
    assert!(titles(&page).contains(&title.to_owned()));
    assert!(titles(&page).contains(&"Untitled post".to_owned()));
    assert!(page.contains("<b dir=\"auto\">"));
    assert_eq!(titles(&ada.page("/admin/c/posts?q=%D8%A7%D9%84%D8%B2%D9%8A%D8%AA%D9%88%D9%86")), [title]);
    assert!(ada.page("/admin/c/posts?sort=title").contains("aria-sort=\"ascending\""));
}

#[test]
fn scripts_get_the_part_that_changes() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let part = ada.ask("/admin/c/posts?status=draft", &[("hx-request", "true"), ("hx-target", "rows")]);
    assert_eq!(part.status, 200);
    assert!(part.text.trim_start().starts_with("<ld-select-list id=\"rows\""), "{}", &part.text[..80]);
    assert!(
        part.text.contains("id=\"tabs\"") && part.text.contains("hx-swap-oob=\"true\"") && !part.text.contains("<html")
    );
    let headers = [("hx-request", "true"), ("hx-target", "rows"), ("hx-history-restore-request", "true")];
    assert!(ada.ask("/admin/c/posts", &headers).text.contains("<html"));
}

#[test]
fn a_single_page_is_its_own_list() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let home = ada.page("/admin");
    let single =
        home.split("href=\"/admin/c/s.").nth(1).and_then(|rest| rest.split('"').next()).expect("a single page");
    let told = ada.get(&format!("/admin/c/s.{single}"));
    assert_eq!(told.status, 303);
    assert!(told.location.starts_with(&format!("/admin/c/s.{single}/")));
}
