//! The media library's screens and calls.

use std::io::Write as _;

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR, VIEWER, WRITER};
use super::visitor::{Answer, Visitor};

const LIBRARY: &str = "/admin/media";

impl Visitor<'_> {
    /// Sends a picture as a form's file.
    fn picture(&mut self, path: &str, name: &str, width: u32) -> Answer {
        let head = format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let csrf = self.csrf.clone();
        let headers = [("content-type", "multipart/form-data; boundary=cut"), ("x-csrf-token", csrf.as_str())];
        let body = [head.as_bytes(), &png(width), b"\r\n--cut--\r\n"].concat();
        self.send_bytes("POST", path, &headers, body)
    }

    /// Takes a picture into the library and returns its id.
    #[track_caller]
    fn take_in(&mut self, name: &str, width: u32) -> String {
        let answer = self.picture(LIBRARY, name, width);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Begins to replace a file, with a form that holds nothing: whoever is refused is refused before it is read.
    fn replace_by_nothing(&mut self, id: &str, csrf: &str) -> u16 {
        let headers = [("content-type", "multipart/form-data; boundary=cut"), ("x-csrf-token", csrf)];
        self.send("POST", &format!("{LIBRARY}/{id}/replace"), &headers, String::new()).status
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let csrf = self.csrf.clone();
        let headers =
            [("accept", "application/json"), ("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
        self.send(method, path, &headers, body.to_string())
    }

    fn describe(&mut self, id: &str, body: &Value) -> Answer {
        self.call("PATCH", &format!("{LIBRARY}/{id}"), body)
    }

    fn facts(&mut self, id: &str) -> Value {
        self.get_json(&format!("{LIBRARY}/{id}/facts")).json()
    }

    /// Does something with files as the library's script does, and returns where it is undone.
    #[track_caller]
    fn bulk(&mut self, act: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("do", act)]).collect();
        let answer = self.post(&format!("{LIBRARY}/bulk"), &fields);
        assert!([200, 303].contains(&answer.status), "{}", answer.text);
        answer
    }
}

/// A black picture of this width and ten pixels high.
fn png(width: u32) -> Vec<u8> {
    let row = vec![0; width as usize + 1];
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    pixels.write_all(&row.repeat(10)).expect("in memory");
    let pixels = pixels.finish().expect("in memory");
    let header = [&width.to_be_bytes()[..], &[0, 0, 0, 10, 8, 0, 0, 0, 0]].concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", &header), (b"IDAT", &pixels), (b"IEND", &Vec::new())] {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(data);
        bytes.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
        bytes.extend(kind);
        bytes.extend(data);
        bytes.extend(sum.sum().to_be_bytes());
    }
    bytes
}

/// The names of the files on a page, in its order.
fn names(page: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in page.split("aria-label=\"Select ").skip(1) {
        let name = part.split('"').next().unwrap_or_default();
        if name != "all on this page" {
            names.push(name.to_owned());
        }
    }
    names
}

#[test]
fn the_address_says_what_of_the_library_is_shown() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    let [wide, tall, plain] =
        [("b-wide.png", 40), ("a-tall.png", 4), ("c-square.png", 10)].map(|(name, width)| ed.take_in(name, width));
    assert_eq!(ed.describe(&wide, &json!({"alt": "Jars on an oak shelf", "tags": ["Pantry"]})).status, 200);
    let folder = ed.call("POST", "/admin/media/folders", &json!({"name": "Kitchen"})).json()["id"].to_string();
    ed.bulk("move", &[("pick", &tall), ("folder", &folder)]);
    desk.page("oak", &json!({"body": [{"hero": {"headline": "H", "image": format!("/media/{plain}")}}]}));

    let mut shown = |query: &str| names(&ed.get(&format!("{LIBRARY}{query}")).text);
    assert_eq!(shown("?sort=name"), ["a-tall.png", "b-wide.png", "c-square.png"]);
    assert_eq!(shown("?sort=name&view=table"), ["a-tall.png", "b-wide.png", "c-square.png"]);
    assert_eq!(shown("?q=oak+shelf"), ["b-wide.png"]);
    assert_eq!(shown("?q=pantry"), ["b-wide.png"]);
    assert_eq!(shown("?tag=pantry"), ["b-wide.png"]);
    assert_eq!(shown("?shape=tall"), ["a-tall.png"]);
    assert_eq!(shown("?used=yes"), ["c-square.png"]);
    assert_eq!(shown("?used=no&sort=name"), ["a-tall.png", "b-wide.png"]);
    assert_eq!(shown("?alt=none&sort=name"), ["a-tall.png", "c-square.png"]);
    assert_eq!(shown("?type=video"), Vec::<String>::new());
    assert_eq!(shown(&format!("?folder={folder}")), ["a-tall.png"]);
    assert_eq!(shown("?to=2001-01-01"), Vec::<String>::new());
    assert_eq!(shown("?from=2001-01-01&page=99&sort=name").len(), 3);
    assert_eq!(ed.get("/admin/media?folder=999").status, 404);
    let whole = ed.get(LIBRARY).text;
    assert!(
        whole.contains("Kitchen") && whole.contains("aria-current=\"page\"") && whole.contains("3 files"),
        "{whole}"
    );
    // A script asks for the part that changes, without the page around it.
    let part = ed.send("GET", "/admin/media?q=oak", &[("hx-request", "true"), ("hx-target", "rows")], String::new());
    assert!(names(&part.text) == ["b-wide.png"] && !part.text.contains("<html"), "{}", part.text);
    let nothing = ed.get("/admin/media?q=zzzzzz").text;
    assert!(nothing.contains("No files match “zzzzzz”") && nothing.contains("Clear filters"), "{nothing}");
}

#[test]
fn a_description_is_never_written_over_by_somebody_who_did_not_see_it() {
    let desk = Desk::new();
    let (mut ed, mut wri) = (desk.person(EDITOR), desk.person(WRITER));
    let id = ed.take_in("jars.png", 30);
    let first = ed.describe(&id, &json!({"alt": "Jars", "focal": [0.25, 0.5], "was": {"alt": "", "focal": null}}));
    assert_eq!((first.status, &first.json()["focal"]), (200, &json!([0.25, 0.5])), "{}", first.text);
    let late = wri.describe(&id, &json!({"alt": "Glasses", "was": {"alt": ""}}));
    assert_eq!((late.status, &late.json()["facts"]["alt"]), (409, &json!("Jars")), "{}", late.text);
    // Another field was not touched, and the same text is no conflict.
    assert_eq!(
        wri.describe(&id, &json!({"tags": ["a", "B", "A"], "was": {"tags": []}})).json()["tags"],
        json!(["a", "B"])
    );
    assert_eq!(wri.describe(&id, &json!({"alt": "Jars", "was": {"alt": ""}})).status, 200);
    for (bad, status) in [
        (json!({"focal": [2, 0]}), 400),
        (json!({"focal": "x"}), 400),
        (json!({"colour": "red"}), 400),
        (json!({"name": " "}), 422),
        (json!({"folder": 999}), 422),
        (json!([]), 400),
    ] {
        assert_eq!(ed.describe(&id, &bad).status, status, "{bad}");
    }
    assert_eq!(ed.describe("nothing", &json!({"alt": "x"})).status, 404);
    assert_eq!(ed.describe(&id, &json!({"focal": null})).json()["focal"], Value::Null);

    // The same as a plain form, and what is met is said there too.
    let there = format!("{LIBRARY}/{id}");
    let fields =
        [("alt", "Jars of oats"), ("was.alt", "Jars"), ("tags", "oats, jars"), ("focal_x", "10"), ("focal_y", "20,5")];
    assert_eq!(ed.post(&there, &fields).location, there);
    let facts = ed.facts(&id);
    assert_eq!(
        (&facts["alt"], &facts["tags"], &facts["focal"]),
        (&json!("Jars of oats"), &json!(["jars", "oats"]), &json!([0.1, 0.205]))
    );
    ed.post(&there, &[("alt", "Mine"), ("was.alt", "Jars")]);
    assert!(ed.get(&there).text.contains("Somebody changed the alt text meanwhile"));
}

#[test]
fn what_is_done_to_many_can_be_undone() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    let [one, two] = [("one.png", 10), ("two.png", 11)].map(|(name, width)| ed.take_in(name, width));
    ed.describe(&one, &json!({"tags": ["kept"]}));
    let both = [("pick", one.as_str()), ("pick", two.as_str())];
    let csrf = ed.csrf.clone();
    let script = |ed: &mut Visitor<'_>, act: &str, more: &str| {
        let headers = [
            ("hx-request", "true"),
            ("x-csrf-token", csrf.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        ed.send("POST", "/admin/media/bulk", &headers, format!("do={act}&pick={one}&pick={two}{more}"))
    };
    assert_eq!(script(&mut ed, "tag", "&tags=new%2C+kept").status, 200);
    assert_eq!((&ed.facts(&one)["tags"], &ed.facts(&two)["tags"]), (&json!(["kept", "new"]), &json!(["kept", "new"])));
    ed.bulk("untag", &[both[0], both[1], ("tags", "NEW")]);
    assert_eq!(ed.facts(&two)["tags"], json!(["kept"]));
    // Deleted, gone from readers, back.
    let gone = ed.bulk("delete", &both);
    assert_eq!(gone.location, LIBRARY);
    assert_eq!(desk.site.ask(&format!("/media/{one}"), &[]).status(), 404);
    assert!(names(&ed.get(LIBRARY).text).is_empty());
    let trash = ed.get("/admin/media/trash").text;
    assert!(trash.contains("one.png") && trash.contains("two.png"), "{trash}");
    assert!(ed.get(&format!("{LIBRARY}/{one}")).text.contains("This file is in the trash"));
    assert_eq!(ed.post(&format!("{LIBRARY}/{one}/restore"), &[]).status, 303);
    assert_eq!(desk.site.ask(&format!("/media/{one}"), &[]).status(), 200);
    for bad in [
        vec![("do", "delete")],
        vec![("do", "x"), both[0]],
        vec![("do", "tag"), both[0]],
        vec![("do", "delete"), ("pick", "nothing")],
    ] {
        assert_eq!(ed.post("/admin/media/bulk", &bad).status, 400, "{bad:?}");
    }
}

#[test]
fn undo_is_offered_once_and_only_to_who_did_it() {
    let desk = Desk::new();
    let (mut ed, mut wri) = (desk.person(EDITOR), desk.person(WRITER));
    let id = ed.take_in("one.png", 10);
    let csrf = ed.csrf.clone();
    let headers = [
        ("hx-request", "true"),
        ("x-csrf-token", csrf.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = ed.send("POST", "/admin/media/bulk", &headers, format!("do=delete&pick={id}"));
    let told: Value = serde_json::from_str(&answer.trigger).expect("JSON");
    assert_eq!(told["toast"]["title"], "“one.png” is in the trash");
    let undo = told["toast"]["actions"][0]["post"].as_str().expect("an address").to_owned();
    assert_eq!(wri.call("POST", &undo, &json!({})).status, 410);
    assert_eq!(ed.call("POST", &undo, &json!({})).status, 204);
    assert_eq!(ed.facts(&id)["name"], "one.png");
    assert_eq!(ed.call("POST", &undo, &json!({})).status, 410);
}

#[test]
fn what_is_in_use_is_named_before_it_goes() {
    let desk = Desk::new();
    let (mut ed, mut vic) = (desk.person(EDITOR), desk.person(VIEWER));
    let id = ed.take_in("hero.png", 10);
    let image = json!({"body": [{"hero": {"headline": "H", "image": format!("/media/{id}")}}]});
    desk.page("oak", &image);
    desk.page("elm", &json!({"teaser": "a"}));
    desk.draft("elm", &image);
    let asked = ed.bulk("delete", &[("pick", &id)]);
    assert!(
        asked.status == 200 && asked.text.contains("Page oak") && asked.text.contains("Replace instead"),
        "{}",
        asked.text
    );
    assert_eq!(desk.site.ask(&format!("/media/{id}"), &[]).status(), 200);
    let details = ed.get(&format!("{LIBRARY}/{id}")).text;
    assert!(details.contains("Used in 2 places") && details.contains("Page elm"), "{details}");
    // Who sees no drafts is told of what is live, and that there is more.
    let seen = vic.get(&format!("{LIBRARY}/{id}")).text;
    assert!(
        seen.contains("Page oak") && !seen.contains("Page elm") && seen.contains("1 place in drafts of others"),
        "{seen}"
    );
    assert_eq!(ed.bulk("delete", &[("pick", &id), ("sure", "1")]).status, 303);
    assert_eq!(desk.site.ask(&format!("/media/{id}"), &[]).status(), 404);
}

#[test]
fn other_bytes_take_the_place_and_earlier_ones_come_back() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    let id = ed.take_in("hero.png", 10);
    ed.describe(&id, &json!({"alt": "Hero"}));
    let replaced = ed.picture(&format!("{LIBRARY}/{id}/replace"), "new.png", 77);
    let facts = replaced.json();
    assert_eq!(
        (replaced.status, &facts["id"], &facts["alt"], &facts["width"]),
        (200, &json!(id), &json!("Hero"), &json!(77))
    );
    let details = ed.get(&format!("{LIBRARY}/{id}")).text;
    let restore = format!("{LIBRARY}/{id}/versions/");
    let (_, rest) = details.split_once(&format!("action=\"{restore}")).expect("a version to go back to");
    let version = rest.split('/').next().expect("a number").to_owned();
    let before = ed.get(&format!("{restore}{version}/file"));
    assert!(before.status == 200 && before.text.contains("PNG"), "{}", before.text);
    assert_eq!(ed.get(&format!("{restore}999/file")).status, 404);
    assert_eq!(ed.post(&format!("{restore}{version}/restore"), &[]).status, 303);
    assert_eq!((&ed.facts(&id)["width"], &ed.facts(&id)["name"]), (&json!(10), &json!("hero.png")));
    let csrf = ed.csrf.clone();
    assert_eq!(ed.replace_by_nothing("nothing", &csrf), 404);
    assert_eq!(ed.replace_by_nothing(&id, &csrf), 400);
    assert_eq!(ed.replace_by_nothing(&id, ""), 403);
}

#[test]
fn folders_are_made_moved_and_taken_away() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    let make = |ed: &mut Visitor<'_>, name: &str, parent: &str| {
        ed.call("POST", "/admin/media/folders", &json!({"name": name, "parent": parent}))
    };
    let outer = make(&mut ed, "Recipes", "").json()["id"].to_string();
    let inner = make(&mut ed, "Summer", &outer).json()["id"].to_string();
    assert_eq!(make(&mut ed, "recipes", "").status, 422);
    assert_eq!(make(&mut ed, " ", "").status, 422);
    assert_eq!(make(&mut ed, "Lost", "x").status, 400);
    let at = |id: &str| format!("/admin/media/folders/{id}");
    assert_eq!(ed.call("PATCH", &at(&inner), &json!({"name": "Autumn"})).json()["name"], "Autumn");
    assert_eq!(ed.call("PATCH", &at(&outer), &json!({"parent": inner})).status, 422);
    assert_eq!(ed.call("PATCH", &at(&outer), &json!({})).status, 400);
    let id = ed.take_in("jar.png", 10);
    ed.bulk("move", &[("pick", &id), ("folder", &inner)]);
    let shown = ed.get(&format!("/admin/media?folder={inner}")).text;
    assert!(shown.contains("<h1 dir=\"auto\">Autumn</h1>") && shown.contains(">Recipes</a>"), "{shown}");
    assert_eq!(ed.call("DELETE", &at(&inner), &json!({})).status, 200);
    assert_eq!(ed.facts(&id)["folder"].to_string(), outer);
    // Forms without scripts.
    assert_eq!(ed.post(&at(&outer), &[("name", "Bread")]).location, format!("/admin/media?folder={outer}"));
    assert_eq!(ed.post(&format!("{}/delete", at(&outer)), &[]).location, LIBRARY);
    assert_eq!(ed.facts(&id)["folder"], Value::Null);
}

#[test]
fn a_download_holds_the_files_under_their_names() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    let ids = ["a.png", "a.png", "b.png"].iter().zip(10..).map(|(name, width)| ed.take_in(name, width));
    let ids = ids.collect::<Vec<_>>().join(",");
    let archive = ed.get(&format!("/admin/media/download?ids={ids},nothing"));
    assert_eq!(archive.status, 200);
    for held in ["PK\u{3}\u{4}", "a.png", "a (2).png", "b.png"] {
        assert!(archive.text.contains(held), "no {held:?}");
    }
    assert_eq!(ed.get("/admin/media/download").status, 400);
    assert_eq!(ed.get("/admin/media/download?ids=nothing").status, 404);
}

#[test]
fn the_chooser_tells_the_facts_of_each_file() {
    let desk = Desk::new();
    let mut vic = desk.person(VIEWER);
    let id = desk.person(EDITOR).take_in("jar & co.png", 10);
    let page = vic.get("/admin/media/pick?type=image&q=jar");
    assert!(!page.text.contains("<html"), "{}", page.text);
    let facts = page.between("data-facts=\"", "\"").replace("&quot;", "\"").replace("&amp;", "&");
    let facts: Value = serde_json::from_str(&facts).expect("JSON");
    assert_eq!((&facts["id"], &facts["url"]), (&json!(id), &json!(format!("/media/{id}"))));
    assert!(vic.get("/admin/media/pick?q=zzzz").text.contains("Nothing matches"));
}

#[test]
fn everybody_reads_and_only_some_change() {
    let desk = Desk::new();
    let (mut ed, mut wri, mut vic) = (desk.person(EDITOR), desk.person(WRITER), desk.person(VIEWER));
    let id = ed.take_in("jar.png", 10);
    let folder = ed.call("POST", "/admin/media/folders", &json!({"name": "Kitchen"})).json()["id"].to_string();
    let there = format!("{LIBRARY}/{id}");
    for path in [
        LIBRARY,
        "/admin/media/pick",
        there.as_str(),
        &format!("{there}/facts"),
        &format!("/admin/media/download?ids={id}"),
    ] {
        assert_eq!(vic.get(path).status, 200, "{path}");
    }
    assert!(!vic.get(LIBRARY).text.contains("data-upload"));
    assert_eq!(vic.get("/admin/media/trash").status, 403);
    let refused = |who: &mut Visitor<'_>, acts: &[&str]| {
        for act in acts {
            assert_eq!(
                who.post("/admin/media/bulk", &[("do", act), ("pick", &id), ("tags", "a")]).status,
                403,
                "{act}"
            );
        }
        assert_eq!(who.call("POST", "/admin/media/folders", &json!({"name": "x"})).status, 403);
        assert_eq!(who.call("PATCH", &format!("/admin/media/folders/{folder}"), &json!({"name": "x"})).status, 403);
        assert_eq!(who.call("DELETE", &format!("/admin/media/folders/{folder}"), &json!({})).status, 403);
        let csrf = who.csrf.clone();
        assert_eq!(who.replace_by_nothing(&id, &csrf), 403);
        assert_eq!(who.post(&format!("{there}/versions/1/restore"), &[]).status, 403);
        assert_eq!(who.post(&format!("{there}/restore"), &[]).status, 403);
    };
    refused(&mut vic, &["tag", "untag", "move", "delete"]);
    assert_eq!(vic.describe(&id, &json!({"alt": "x"})).status, 403);
    refused(&mut wri, &["delete"]);
    assert_eq!(wri.describe(&id, &json!({"alt": "Jar"})).status, 200);
    // A change without the session's word is none.
    let bare = ed.send("PATCH", &there, &[("content-type", "application/json")], json!({"alt": "x"}).to_string());
    assert_eq!(bare.status, 403);
    assert_eq!(Visitor::new(&desk.site).get(LIBRARY).status, 303);
    assert_eq!(ed.facts(&id)["alt"], "Jar");
}
