//! The audit log: what goes into it, filters, and files of it.

use larder::account::Deed;
use larder::authoring::now;
use larder::store::{self, Store};
use serde_json::{Value, json};

use super::desk::{Desk, EDITOR};
use super::visitor::{PASSWORD, Visitor, add_person};
use crate::command::Folder;
use crate::site::Site;

const OLGA: &str = "olga@example.com";
const ADA: &str = "ada@example.com";

fn site() -> Site {
    let folder = Folder::new();
    add_person(&folder, OLGA, "owner");
    Site::serving(folder, &[])
}

/// Everything that is noted, newest first.
fn log(owner: &mut Visitor<'_>, filters: &str) -> Vec<Value> {
    let answer = owner.get(&format!("/admin/audit/export/json{filters}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json().as_array().expect("a list").clone()
}

/// The line of a deed.
#[track_caller]
fn line(log: &[Value], what: &str) -> Value {
    log.iter().find(|line| line["what"] == what).unwrap_or_else(|| panic!("no {what} in {log:#?}")).clone()
}

#[test]
fn who_did_what_from_where_is_noted() {
    let site = site();
    let mut olga = Visitor::signed_in(&site, OLGA);
    Visitor::new(&site).sign_in(OLGA, "a wrong password");
    Visitor::new(&site).sign_in("secret that was typed here", "x");
    olga.post("/admin/people/invite", &[("email", ADA), ("role", "writer")]);
    olga.post("/admin/tokens", &[("name", "Importer"), ("kind", "write")]);
    olga.post("/admin/settings/save/general", &[("site_name", "Mill"), ("time_zone", "Europe/Oslo")]);
    site.folder.done(&["token", "add", "--kind", "read", "--name", "site"]);
    let model =
        json!({"larder_schema": 1, "collections": [{"key": "jar", "fields": [{"key": "name", "type": "short_text"}]}]});
    site.folder.apply(&model);
    let log = log(&mut olga, "");
    let signed_in = line(&log, "signed_in");
    assert_eq!(
        (&signed_in["by"], &signed_in["user"], &signed_in["from"]),
        (&json!("olga"), &json!(1), &json!("127.0.0.1"))
    );
    assert_eq!(signed_in["detail"], json!({"with": "password"}));
    let failed: Vec<(&Value, &Value)> = log
        .iter()
        .filter(|line| line["what"] == "sign_in_failed")
        .map(|line| (&line["by"], &line["detail"]["wrong"]))
        .collect();
    assert_eq!(failed, [(&json!(""), &json!("no such account")), (&json!(OLGA), &json!("password"))]);
    let text = serde_json::to_string(&log).expect("JSON");
    assert!(!text.contains("secret that was typed") && !text.contains("a wrong password"), "{text}");
    assert_eq!(
        (line(&log, "invited")["about"].clone(), line(&log, "invited")["detail"].clone()),
        (json!(ADA), json!({"role": "writer"}))
    );
    let made: Vec<(&Value, &Value, &Value)> = log
        .iter()
        .filter(|line| line["what"] == "token_made")
        .map(|line| (&line["about"], &line["by"], &line["from"]))
        .collect();
    let expected = [("site", "command line", ""), ("Importer", "olga", "127.0.0.1")]
        .map(|(a, b, c)| (json!(a), json!(b), json!(c)));
    assert_eq!(made, expected.each_ref().map(|(a, b, c)| (a, b, c)));
    assert_eq!(line(&log, "model_changed")["by"], "command line");
    assert!(log.iter().any(|line| line["what"] == "settings_changed" && line["about"] == "time_zone"));
    // Handing it out is noted too.
    assert_eq!(line(&log, "audit_exported")["by"], "olga");
}

#[test]
fn what_happens_to_content_is_noted_and_outlives_it() {
    let desk = Desk::new();
    add_person(&desk.site.folder, OLGA, "owner");
    let page = desk.page("mill", &json!({"teaser": "Flour"}));
    let mut ed = desk.person(EDITOR);
    ed.act(page, "unpublish", &json!({}));
    ed.act(page, "delete", &json!({"anyway": true}));
    let mut olga = Visitor::signed_in(&desk.site, OLGA);
    assert_eq!(olga.post(&format!("/admin/trash/{page}/remove"), &[]).status, 303);
    let log = log(&mut olga, "?what=content");
    let told: Vec<(&str, &str)> =
        log.iter().filter_map(|line| Some((line["what"].as_str()?, line["by"].as_str()?))).collect();
    assert_eq!(told, [("purged", "olga"), ("deleted", "ed"), ("unpublished", "ed"), ("published", "")]);
    assert_eq!((&log[2]["about"], &log[2]["from"]), (&json!("Page mill"), &json!("127.0.0.1")));
    assert_eq!(log[3]["from"], "127.0.0.1", "what programs do comes from somewhere too");
}

#[test]
fn filters_stand_in_the_address_and_pages_lead_on() {
    let site = site();
    let mut olga = Visitor::signed_in(&site, OLGA);
    let store = Store::open(&site.folder.site()).expect("the site");
    let make = |write: &mut store::Write<'_>| {
        write.happens_at(now());
        (0..60).try_for_each(|number| write.record(Deed::TokenMade, &format!("number {number}"), &json!({})))
    };
    store.write::<_, store::Error>(make).expect("written");
    let page = olga.get("/admin/audit?what=tokens").text;
    assert_eq!(page.matches("Made the token").count(), 50);
    let older = page.split("href=\"/admin/audit?").find(|rest| rest.contains("before=")).expect("a link to older ones");
    let older = older.split('"').next().expect("its end").replace("&amp;", "&");
    let page = olga.get(&format!("/admin/audit?{older}")).text;
    assert!(page.matches("Made the token").count() == 10 && page.contains("number 0"), "{page}");
    assert!(!page.contains("Signed in"));
    let page = olga.get("/admin/audit?q=NUMBER+17").text;
    assert_eq!(page.matches("Made the token").count(), 1, "{page}");
    assert!(olga.get("/admin/audit?to=2001-01-01").text.contains("Nothing like that was noted"));
    assert!(olga.get("/admin/audit?from=2001-01-01&q=olga").text.contains("Signed in"));
}

#[test]
fn a_table_of_it_holds_no_formulas() {
    let site = site();
    let mut olga = Visitor::signed_in(&site, OLGA);
    olga.post("/admin/tokens", &[("name", "=1+1,\"x\""), ("kind", "read")]);
    let answer = olga.get("/admin/audit/export/csv?what=tokens");
    let lines: Vec<&str> = answer.text.lines().collect();
    assert_eq!(lines[0], "time,who,what,about,from,detail");
    assert!(lines[1].contains(",olga,token_made,\"'=1+1,\"\"x\"\"\",127.0.0.1,"), "{}", lines[1]);
    assert_eq!(olga.get("/admin/audit/export/xml").status, 404);
}

#[test]
fn only_owners_see_it() {
    let site = site();
    add_person(&site.folder, ADA, "developer");
    let mut ada = Visitor::new(&site);
    assert_eq!(ada.sign_in(ADA, PASSWORD).status, 303);
    assert_eq!((ada.get("/admin/audit").status, ada.get("/admin/audit/export/json").status), (403, 403));
    assert!(!ada.get("/admin").text.contains("/admin/audit"));
}
