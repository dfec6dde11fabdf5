//! Redirects by the command line and the API: set, refused, shortened, brought, served, archived.

use std::time::{Duration, Instant};

use ureq::Body;
use ureq::http::Response;

use crate::command::{Folder, command_on};
use crate::site::{Site, header};

fn text(mut answer: Response<Body>) -> String {
    answer.body_mut().read_to_string().expect("text")
}

fn add(folder: &Folder, from: &str, to: &str) -> String {
    folder.done(&["redirect", "add", from, to])
}

#[test]
fn a_redirect_is_served_at_once_as_a_list_and_for_hosts() {
    let site = Site::starter();
    let empty = site.read("/redirects/");
    assert_eq!((&empty["meta"]["count"], &empty["data"]["redirects"]), (&0.into(), &serde_json::json!([])));
    add(&site.folder, "https://old.example/visit/", "/visit-us");
    add(&site.folder, "/jobs", "https://jobs.example/");
    site.folder.done(&["redirect", "add", "/spring-sale", "--status", "410"]);

    // Another process has made the change: the server follows within moments.
    let served = site.until("/redirects/?page_size=2", |list| list["meta"]["count"] == 3);
    assert_eq!(served["meta"]["next_page"], 2);
    let first = &served["data"]["redirects"][0];
    assert_eq!((first["from"].as_str(), first["to"].as_str()), (Some("/jobs"), Some("https://jobs.example/")));
    assert!(first["meta"]["id"].is_i64() && first["status"] == 301, "{first}");
    let last = &site.read("/redirects/?page=2&page_size=2")["data"]["redirects"][0];
    assert_eq!((last["from"].as_str(), last["to"].is_null()), (Some("/visit"), false));

    let token = site.folder.done(&["token", "add", "--kind", "read"]);
    let ask =
        |host: &str, headers: &[(&str, &str)]| site.ask(&format!("/v2/redirects/{host}/?auth_token={token}"), headers);
    let netlify = ask("netlify", &[("accept-encoding", "gzip, br")]);
    assert_eq!(header(&netlify, "content-type"), "text/plain; charset=utf-8");
    assert!(header(&netlify, "surrogate-key").contains("redirects"));
    assert_eq!(header(&netlify, "content-encoding"), "");
    let tag = header(&netlify, "etag").to_owned();
    assert_eq!(text(netlify), "/jobs https://jobs.example/ 301\n# /spring-sale is gone (410)\n/visit /visit-us 301\n");
    let unchanged = ask("netlify", &[("if-none-match", &tag)]);
    assert_eq!((unchanged.status().as_u16(), header(&unchanged, "x-cache")), (304, "HIT"));
    let nginx = text(ask("nginx", &[]));
    assert!(nginx.contains("    \"/visit/\" \"/visit-us\";") && nginx.contains("map $uri $larder_410"), "{nginx}");
    let json = ask("json", &[]);
    assert_eq!(header(&json, "content-type"), "application/json");
    assert!(text(json).starts_with(r#"[{"from":"/jobs","to":"https://jobs.example/","status":301},"#));

    assert_eq!(ask("apache", &[]).status(), 404);
    assert_eq!(site.ask("/v2/redirects/netlify/", &[]).status(), 401);
    let past = site.ask(&format!("/v2/redirects/?page=9&auth_token={token}"), &[]);
    assert_eq!((past.status().as_u16(), text(past).as_str()), (404, r#"{"detail":"Invalid page."}"#));

    site.folder.done(&["redirect", "remove", "/jobs/"]);
    let end = Instant::now() + Duration::from_secs(60);
    while text(ask("netlify", &[])).contains("/jobs") {
        assert!(Instant::now() < end, "what was kept for hosts stays old");
        std::thread::yield_now();
    }
}

#[test]
fn loops_are_refused_and_chains_shortened() {
    let folder = Folder::new();
    assert_eq!(add(&folder, "/b", "/c"), "/b -> /c (301)");
    assert_eq!(add(&folder, "/a", "/b"), "/a -> /c (301), because /b leads there");
    assert_eq!(add(&folder, "/c", "/d"), "/c -> /d (301); /a, /b lead there too now");
    let refused = folder.run(&["redirect", "add", "/d", "/a"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("/a leads back to /d: nobody would arrive."), "{}", refused.err);
    for wrong in [&["old", "/new"][..], &["/old", "new"], &["/old"], &["/a/*", "/b"], &["/a", "/b", "--status", "303"]]
    {
        let said = folder.run(&[&["redirect", "add"], wrong].concat());
        assert_eq!(said.code, Some(1), "{wrong:?}: {said:?}");
    }
    let missing = folder.run(&["redirect", "remove", "/nowhere"]);
    assert!(missing.code == Some(1) && missing.err.contains("no redirect for `/nowhere`"), "{missing:?}");
    let list = folder.done(&["redirect", "list", "/A"]);
    assert!(list.contains("/a") && !list.contains("/b ") && list.contains("command line"), "{list}");
}

#[test]
fn a_file_is_planned_brought_and_comes_out_again() {
    let folder = Folder::new();
    add(&folder, "/kept", "/as-it-is");
    add(&folder, "/other", "/before");
    let file = folder
        .file("_redirects", "/kept /as-it-is\n/other /after 302!\n/new /place\n/blog/* /news/:splat\n/place /new\n");
    let planned = folder.run(&["redirect", "import", &file, "--dry-run"]);
    assert_eq!(planned.out.trim(), "/other -> /after (302)\n/new -> /place (301)");
    assert!(planned.err.contains("line 4 is left out: /blog/* /news/:splat: Patterns"), "{}", planned.err);
    assert!(
        planned.err.contains("line 5 is left out") && planned.err.contains("nobody would arrive"),
        "{}",
        planned.err
    );
    assert!(planned.err.contains("1 added, 1 changed, 1 as they were, 2 left out"), "{}", planned.err);
    assert!(!folder.done(&["redirect", "list"]).contains("/new"), "a plan changes nothing");

    assert_eq!(folder.run(&["redirect", "import", &file]).out, planned.out);
    let csv = folder.done(&["redirect", "export"]);
    assert_eq!(csv, "from,to,status\n/kept,/as-it-is,301\n/new,/place,301\n/other,/after,302");
    let other = Folder::new();
    other.done(&["redirect", "import", &other.file("redirects.csv", &csv)]);
    for format in ["csv", "netlify", "nginx", "json"] {
        let export = ["redirect", "export", "--format", format];
        assert_eq!(other.done(&export), folder.done(&export));
    }
    let archive = folder.path("site.tar.gz").to_string_lossy().into_owned();
    folder.done(&["export", &archive]);
    let copy = folder.path("copy");
    let imported = command_on(&copy, &["import", &archive]).output().expect("started");
    assert!(imported.status.success(), "{imported:?}");
    let list = |at: &std::path::Path| command_on(at, &["redirect", "list"]).output().expect("started").stdout;
    assert_eq!(list(&copy), list(&folder.site()), "who set them is kept too");
}
