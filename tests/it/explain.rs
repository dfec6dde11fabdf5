//! `?explain=1`: how an answer comes about, told to those who may write.

use serde_json::{Value, json};

use crate::site::{Site, header};

/// The explained answer, asked with this token in the header.
fn explained(site: &Site, path: &str, token: &str) -> Value {
    let mut answer = site.ask(path, &[("authorization", &format!("Token {token}"))]);
    serde_json::from_str(&answer.body_mut().read_to_string().expect("text")).expect("JSON")
}

fn write_token(site: &Site) -> String {
    site.folder.done(&["token", "add", "--kind", "write"])
}

#[test]
fn an_answer_is_explained_beside_itself() {
    let site = Site::starter();
    let token = write_token(&site);
    let path = "/v2/posts/?page_size=2&page=1";
    let first = explained(&site, &format!("{path}&explain=1"), &token);
    assert_eq!(
        (&first["explain"]["cache"], &first["explain"]["url"]),
        (&json!("miss"), &json!("/v2/posts/?page_size=2"))
    );
    // Explaining keeps nothing; asking does.
    assert_eq!(explained(&site, &format!("{path}&explain=1"), &token)["explain"]["cache"], "miss");
    let plain = explained(&site, path, &token);
    let mut second = explained(&site, &format!("{path}&explain=1"), &token);
    let how = second.as_object_mut().and_then(|members| members.remove("explain")).expect("explained");
    assert_eq!(second, plain, "the answer is the one that is given otherwise");

    assert_eq!(how["cache"], "hit");
    let keys = how["keys"].as_array().expect("keys");
    assert!(keys.contains(&json!("settings")) && keys.contains(&json!("list-1-0-@published")), "{how}");
    assert_eq!(how["bytes"]["identity"], plain.to_string().len());
    assert!(how["bytes"]["br"].as_u64() < how["bytes"]["identity"].as_u64(), "{how}");
    let stages: Vec<&String> = how["micros"].as_object().expect("stages").keys().collect();
    assert_eq!(stages, ["parse", "look_up", "build", "serialise", "compress"]);
    let build = how["micros"]["build"].as_f64();
    assert!(build > Some(0.0) && build >= how["sql"]["micros"].as_f64(), "{how}");
    let statements = how["sql"]["statements"].as_array().expect("statements");
    let counted: u64 = statements.iter().filter_map(|one| one["count"].as_u64()).sum();
    assert_eq!(how["sql"]["count"], counted);
    assert!(
        statements.iter().any(|one| one["sql"].as_str().is_some_and(|sql| sql.contains("FROM revision WHERE id = ?")))
    );
}

#[test]
fn an_explained_answer_is_kept_by_nobody() {
    let site = Site::starter();
    let token = write_token(&site);
    let by_header = format!("Token {token}");
    for path in ["/v2/posts/?explain=1", "/v2/posts/nothing/?explain=1", "/v2/content/?keys=faq_items&explain=true"] {
        let answer = site.ask(path, &[("authorization", &by_header), ("accept-encoding", "gzip")]);
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        for none in ["etag", "surrogate-key", "surrogate-control", "content-encoding"] {
            assert_eq!(header(&answer, none), "", "{path} {none}");
        }
    }
    let missing = explained(&site, "/v2/posts/nothing/?explain=1", &token);
    assert_eq!((&missing["detail"], &missing["explain"]["bytes"]), (&json!("Not found."), &json!({"identity": 23})));
    let preview = explained(&site, "/v2/posts/harvest-day/?preview=1&explain=1", &token);
    assert_eq!(preview["explain"]["cache"], "bypass");
}

#[test]
fn without_a_write_token_in_the_header_the_parameter_is_ignored() {
    let site = Site::starter();
    let write = write_token(&site);
    let read = site.folder.done(&["token", "add", "--kind", "read"]);
    let plain = explained(&site, "/v2/tags/", &read);
    for _ in 0..2 {
        assert_eq!(explained(&site, "/v2/tags/?explain=1", &read), plain);
        let mut by_address = site.ask(&format!("/v2/tags/?explain=1&auth_token={write}"), &[]);
        let text = by_address.body_mut().read_to_string().expect("text");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), plain);
        // What was answered before under the same address is explained all the same.
        assert!(explained(&site, "/v2/tags/?explain=1", &write)["explain"].is_object());
    }
    assert_eq!(explained(&site, "/v2/tags/?explain=0", &write), plain);
}

#[test]
fn the_change_number_moves_with_changes() {
    let site = Site::starter();
    let token = write_token(&site);
    let number = || explained(&site, "/v2/posts/?explain=1", &token)["explain"]["change"].as_i64();
    let before = number();
    site.folder.done(&["unpublish", "post:harvest-day", "--plan"]);
    assert_eq!(number(), before, "a plan is no change");
    site.folder.done(&["unpublish", "post:harvest-day"]);
    assert!(number() > before);
}
