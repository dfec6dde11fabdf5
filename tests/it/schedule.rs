//! Publishing at a set time, by a running server.

use larder::authoring::now;
use larder::content::moment::Moment;

use crate::command::{Folder, await_until};

fn is_live(folder: &Folder, target: &str) -> bool {
    !folder.json(&["entry", "show", target])["locales"]["en"]["live"].is_null()
}

fn in_seconds(seconds: i64) -> String {
    Moment::from_micros(now().micros() + seconds * 1_000_000).to_string()
}

#[test]
fn a_draft_goes_live_at_its_time_and_is_taken_off_again() {
    let folder = Folder::starter();
    let post = "post:a-stollen-worth-the-wait";
    let server = folder.serve();
    folder.done(&["publish", post, "--at", &in_seconds(2)]);
    assert!(!is_live(&folder, post), "not before its time");
    await_until("the post is live", || is_live(&folder, post));
    folder.done(&["unpublish", post, "--at", &in_seconds(1)]);
    await_until("the post is off", || !is_live(&folder, post));
    drop(server);
}

#[test]
fn times_missed_while_no_server_ran_are_caught_up_with() {
    let folder = Folder::starter();
    let post = "post:a-stollen-worth-the-wait";
    folder.done(&["publish", post, "--at", "2026-01-01T00:00:00Z"]);
    assert!(!is_live(&folder, post));
    let server = folder.serve();
    await_until("the post is live", || is_live(&folder, post));
    drop(server);
}
