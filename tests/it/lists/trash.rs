//! The trash.

use larder::account::Role;
use larder::authoring::{KEPT, Signature, State, now};
use larder::content::moment::Moment;

use super::office::Office;

#[test]
fn what_was_deleted_says_by_whom_and_comes_back() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    assert!(ada.page("/admin/trash").contains("The trash is empty"));
    let post = office.post("Plum & pear", "plum", "Ada", State::Published);
    office.authoring.delete(post, false, Signature::now("Bea Baker")).expect("deleted");
    let page = ada.page("/admin/trash");
    assert!(page.contains("Plum &amp; pear") && page.contains("Bea Baker") && page.contains("in 29 days"), "{page}");
    assert!(!page.contains("Delete for good"), "for owners only");
    assert_eq!(ada.send(&format!("/admin/trash/{}/remove", post.0), &[]).status, 403);
    let told = ada.send(&format!("/admin/trash/{}/restore", post.0), &[]);
    assert_eq!(told.location, format!("/admin/c/posts/{}", post.0));
    assert_eq!(office.api_status("/posts/plum/"), 200);
    assert_eq!(ada.send(&format!("/admin/trash/{}/restore", post.0), &[]).status, 404, "posted twice");
}

#[test]
fn a_slug_that_was_taken_meanwhile_is_told() {
    let office = Office::starter();
    let ada = office.person("Ada", Role::Editor);
    let post = office.post("Plum", "plum", "Ada", State::Draft);
    office.authoring.delete(post, false, Signature::now("Bea")).expect("deleted");
    office.post("Other plum", "plum", "Ada", State::Draft);
    let told = ada.send(&format!("/admin/trash/{}/restore", post.0), &[]);
    assert_eq!(told.status, 422);
    assert!(told.text.contains("A post with this slug already exists."), "{}", told.text);
}

#[test]
fn owners_remove_for_good_and_so_does_time() {
    let office = Office::starter();
    let olga = office.person("Olga", Role::Owner);
    let posts = ["a", "b", "c"].map(|slug| office.post(slug, slug, "Ada", State::Published));
    for post in posts {
        office.authoring.delete(post, false, Signature::now("Bea")).expect("deleted");
    }
    let page = olga.page("/admin/trash");
    assert!(page.contains("Delete “a” now?") && page.contains("Delete for good"));
    assert_eq!(olga.send(&format!("/admin/trash/{}/remove", posts[0].0), &[]).status, 303);
    assert!(office.store.read(|read| read.entry(posts[0])).expect("read").is_none());
    assert!(!olga.page("/admin/trash").contains("Delete “a” now?"));
    let later = |micros: i64| Moment::from_micros(now().micros() + KEPT + micros);
    assert_eq!(office.authoring.purge_deleted(later(-60_000_000)).expect("looked"), 0);
    assert_eq!(office.authoring.purge_deleted(later(60_000_000)).expect("purged"), 2);
    assert!(olga.page("/admin/trash").contains("The trash is empty"));
}
