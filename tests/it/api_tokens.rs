//! Tokens that come and go beside a running server.

use crate::command::await_until;
use crate::site::Site;

#[test]
fn a_new_token_works_at_once_and_a_removed_one_soon_stops() {
    let site = Site::starter();
    assert_eq!(site.status_for("nonsense"), 401);
    let token = site.folder.done(&["token", "add", "--kind", "read", "--name", "late"]);
    assert_eq!(site.status_for(&token), 200);
    let tokens = site.folder.json(&["token", "list", "--json"]);
    let late = tokens.as_array().into_iter().flatten().find(|token| token["name"] == "late");
    let id = late.map(|token| token["id"].to_string()).expect("listed");
    site.folder.done(&["token", "remove", &id]);
    await_until("the token has stopped", || site.status_for(&token) == 401);
}
