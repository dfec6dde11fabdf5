//! One person, two people, and answers that get lost on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{DraftSave, Editor, Opened};
use crate::account::Role;
use crate::authoring::{Authoring, Error, Signature, State, init_site};
use crate::authoring::{NewPage, Sent};
use crate::content::definition::{BLOG, Definition};
use crate::content::entry::{EntryId, Revision, View};
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::{Kind, SchemaId};
use crate::store::{Reply, Store};

const START: i64 = 1_700_000_000_000_000;
const HERE: LocaleId = LocaleId(0);

/// A site on which Maja and Jo write.
struct Desk {
    authoring: Authoring,
    store: Arc<Store>,
    _folder: tempfile::TempDir,
}

/// A tab of somebody's browser.
struct Tab {
    editor: Editor,
    client: String,
    seq: i64,
    rev: Option<i64>,
}

impl Tab {
    fn of(id: i64, name: &str) -> Self {
        let editor = Editor { id, name: name.into(), role: Role::Editor, may_embed: false };
        Self { editor, client: format!("tab{name}00000000"), seq: 0, rev: None }
    }

    /// A request with these operations.
    fn request(&mut self, ops: Value) -> Vec<u8> {
        self.seq += 1;
        json!({"base": self.rev, "client": self.client, "seq": self.seq, "follow_slug": true, "ops": ops})
            .to_string()
            .into_bytes()
    }
}

fn set(path: &str, value: impl Into<Value>) -> Value {
    json!({"op": "set", "path": path, "value": value.into()})
}

fn at(second: i64) -> Moment {
    Moment::from_micros(START + second * 1_000_000)
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::create(folder.path()).unwrap());
        init_site(&store, &Signature::at("set-up", at(0))).unwrap();
        let definition = json!({
            "larder_schema": 1,
            "components": [
                {"key": "cta", "fields": [
                    {"key": "label", "type": "short_text", "default": "Buy"},
                    {"key": "links", "type": "repeater", "fields": [{"key": "url", "type": "short_text"}]},
                ]},
                {"key": "text", "fields": [{"key": "text", "type": "wysiwyg"}]},
            ],
            "page_types": [{"key": "landing", "fields": [
                {"key": "headline", "type": "short_text", "required": true, "max_length": 10},
                {"key": "body", "type": "wysiwyg"},
                {"key": "notes", "type": "long_text"},
                {"key": "count", "type": "number"},
                {"key": "data", "type": "json"},
                {"key": "embed", "type": "form"},
                {"key": "hero", "type": "component", "component": "cta"},
                {"key": "links", "type": "repeater", "fields": [
                    {"key": "label", "type": "short_text", "required": true}, {"key": "size", "type": "number"}]},
                {"key": "blocks", "type": "component_picker", "components": ["cta"]},
            ]}],
            "collections": [{"key": "jars", "fields": [{"key": "name", "type": "short_text"}]}],
        });
        store
            .write(move |write| {
                let mut ids = write.stored_model()?.ids;
                let model = Definition::parse(&definition.to_string()).unwrap().to_model(&mut ids).unwrap();
                write.put_model(model, &ids)
            })
            .unwrap();
        Self { authoring: Authoring::new(store.clone(), "https://cms.example"), store, _folder: folder }
    }

    fn schema(&self, kind: Kind, key: &str) -> SchemaId {
        self.authoring.model().unwrap().find(kind, key).unwrap().id
    }

    fn landing(&self) -> SchemaId {
        self.schema(Kind::PageType, "landing")
    }

    fn begin(&self, tab: &mut Tab, schema: SchemaId, ops: Value, second: i64) -> Value {
        let body = tab.request(ops);
        let save = DraftSave::read(&body).unwrap();
        let reply = self.authoring.begin_entry(schema, save, tab.editor.clone(), at(second)).unwrap();
        taken_over(tab, &reply)
    }

    fn send(&self, tab: &Tab, entry: EntryId, body: &[u8], second: i64) -> Result<Reply, Error> {
        self.authoring.save_draft(entry, DraftSave::read(body).unwrap(), tab.editor.clone(), at(second))
    }

    fn save(&self, tab: &mut Tab, entry: EntryId, ops: Value, second: i64) -> Value {
        let body = tab.request(ops);
        let reply = self.send(tab, entry, &body, second).unwrap();
        taken_over(tab, &reply)
    }

    fn open(&self, entry: EntryId) -> Opened {
        self.store
            .read(|read| {
                let entry = read.entry(entry)?.unwrap();
                Opened::read(read, &entry, HERE, View::Newest)
            })
            .unwrap_or_else(|error: Error| panic!("{error}"))
    }

    fn values(&self, entry: EntryId) -> Value {
        let mut filled = self.open(entry).filled;
        filled.values.extend(filled.lists);
        Value::Object(filled.values)
    }

    fn revisions(&self, entry: EntryId) -> Vec<Revision> {
        self.store.read(|read| read.revisions(entry, HERE)).unwrap()
    }

    fn sign(&self, second: i64) -> Signature {
        Signature::at("api", at(second))
    }
}

/// The answer, whose `rev` the tab goes on with.
fn taken_over(tab: &mut Tab, reply: &Reply) -> Value {
    let answer: Value = serde_json::from_str(&reply.answer).unwrap();
    assert_eq!(answer["conflicts"].is_array(), reply.conflict);
    tab.rev = answer["rev"].as_i64();
    answer
}

fn id(answer: &Value) -> EntryId {
    EntryId(answer["id"].as_i64().unwrap())
}

/// A page with a title, as Maja's tab began it.
fn page(desk: &Desk, maja: &mut Tab) -> EntryId {
    id(&desk.begin(maja, desk.landing(), json!([set("@title", "Plum jam")]), 1))
}

#[test]
fn the_first_key_press_makes_the_entry() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let answer = desk.begin(&mut maja, desk.landing(), json!([set("@title", "Plum jam")]), 1);
    assert_eq!((&answer["slug"], &answer["title"]), (&json!("plum-jam"), &json!("Plum jam")));
    assert_eq!(answer["status"], "draft");
    assert_eq!(answer["problems"], json!({"headline": ["This field is required."]}));
    assert_eq!(desk.values(id(&answer))["hero.label"], "Buy");

    let second = desk.begin(&mut Tab::of(2, "Jo"), desk.landing(), json!([set("@title", "Plum jam")]), 2);
    assert_eq!(second["slug"], "plum-jam-2");
    let untitled = desk.begin(&mut Tab::of(3, "Al"), desk.landing(), json!([set("notes", "x")]), 3);
    assert_eq!(untitled["slug"], "untitled");
    assert_eq!(untitled["problems"]["@title"], json!(["You must specify a page title."]));

    let renamed = desk.save(&mut maja, id(&answer), json!([set("@title", "Quince")]), 4);
    assert_eq!(renamed["slug"], "quince");
    let jar = desk.begin(&mut Tab::of(4, "Bo"), desk.schema(Kind::Collection, "jars"), json!([set("name", "1 l")]), 5);
    assert_eq!((&jar["slug"], &jar["title"]), (&Value::Null, &json!("1 l")));
}

#[test]
fn the_slug_stays_once_it_was_chosen_or_is_live() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let page = page(&desk, &mut maja);
    let answer = desk.save(&mut maja, page, json!([set("@title", "Fig"), set("@slug", "figs")]), 2);
    assert_eq!(answer["slug"], "figs");
    let answer = desk.save(&mut maja, page, json!([set("@slug", "a b"), set("headline", "H")]), 3);
    assert!(answer["refused"]["@slug"].as_str().unwrap().contains("letters, digits"), "{answer}");
    desk.authoring.publish(page, HERE, desk.sign(4)).unwrap();
    let answer = desk.save(&mut maja, page, json!([set("@title", "Dates")]), 5);
    assert_eq!((&answer["slug"], &answer["status"]), (&json!("figs"), &json!("changed")));
}

#[test]
fn what_cannot_be_stored_keeps_back_nothing_else() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let page = page(&desk, &mut maja);
    let ops = json!([
        set("count", "many"), set("headline", "far too long a headline"), set("no.such", 1), {"op": "dance"},
        set("embed", "<script src=x></script>"), set("body", "<p onclick=x>Wash <script>1</script>jars</p>"),
        {"op": "insert", "list": "blocks", "after": null, "id": "aaaa", "component": "text", "value": {}},
        {"op": "insert", "list": "links", "after": null, "id": "bbbb", "value": {"label": "L", "size": "big"}},
    ]);
    let answer = desk.save(&mut maja, page, ops, 2);
    let refused: Vec<&String> = answer["refused"].as_object().unwrap().keys().collect();
    assert_eq!(refused, ["", "blocks[aaaa]", "count", "embed", "links[bbbb].size", "no.such"]);
    assert_eq!(answer["cleaned"], json!({"body": ["scripts", "event handlers"]}));
    let values = desk.values(page);
    assert_eq!(values["headline"], "far too long a headline");
    assert_eq!(values["body"], "<p>Wash jars</p>");
    assert_eq!(values["links[bbbb].label"], "L");
    assert_eq!(answer["problems"]["headline"], json!(["Ensure this field has no more than 10 characters."]));
}

#[test]
fn elements_keep_their_names_through_publish_and_restore_and_show_them_to_nobody() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let page = page(&desk, &mut maja);
    let ops = json!([
        set("headline", "H"),
        {"op": "insert", "list": "blocks", "after": null, "id": "k3f9", "component": "cta", "value": {"label": "One"}},
        {"op": "insert", "list": "blocks", "after": "k3f9", "id": "x8d2", "component": "cta", "value": {}},
        {"op": "insert", "list": "blocks[x8d2].links", "after": null, "id": "q111", "value": {"url": "/a"}},
        set("blocks[x8d2].links[q111].url", "/b"),
        {"op": "move", "list": "blocks", "id": "x8d2", "after": null},
        set("blocks[k3f9].label", ""),
    ]);
    let answer = desk.save(&mut maja, page, ops, 2);
    assert_eq!(answer["refused"], json!({}));
    let order = json!([{"id": "x8d2", "component": "cta"}, {"id": "k3f9", "component": "cta"}]);
    let first = desk.open(page).revision.unwrap().id;
    desk.authoring.publish(page, HERE, desk.sign(3)).unwrap();
    desk.save(&mut maja, page, json!([{"op": "remove", "list": "blocks", "id": "x8d2"}]), 4);
    desk.authoring.restore(first, desk.sign(5)).unwrap();
    let values = desk.values(page);
    assert_eq!(values["blocks"], order);
    assert_eq!(values["blocks[x8d2].links[q111].url"], "/b");
    let exported = desk.store.read(|read| {
        let entry = read.entry(page)?.unwrap();
        crate::authoring::EntryLine::of(read, &entry)
    });
    let exported = serde_json::to_string(&exported.unwrap()).unwrap();
    assert!(!exported.contains("k3f9") && !exported.contains("q111"), "{exported}");
}

#[test]
fn elements_from_programs_are_called_by_position_until_the_list_changes() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let fields = json!({"headline": "H", "links": [{"label": "a"}, {"label": "b"}, {"label": "c"}]});
    let sent = Sent { locale: HERE, fields: fields.as_object().cloned() };
    let (schema, title, slug) = (desk.landing(), "T".to_owned(), "t".to_owned());
    let page = NewPage { schema, title, slug, contents: vec![sent], state: State::Published };
    let page = desk.authoring.create_page(page, desk.sign(1)).unwrap().id;
    maja.rev = desk.open(page).revision.map(|revision| revision.id.0);
    desk.save(&mut maja, page, json!([set("links[at1].label", "B")]), 2);
    assert!(!desk.open(page).revision.unwrap().fields.to_string().contains("_id"));
    desk.save(&mut maja, page, json!([{"op": "move", "list": "links", "id": "at2", "after": null}]), 3);
    let answer = desk.save(&mut maja, page, json!([set("links[at1].label", "still b")]), 4);
    let values = desk.values(page);
    assert_eq!(values["links"], json!([{"id": "at2"}, {"id": "at0"}, {"id": "at1"}]));
    assert_eq!(values["links[at1].label"], "still b");
    assert_eq!(answer["status"], "changed");
}

#[test]
fn two_people_in_different_fields_are_merged() {
    let (desk, mut maja, mut jo) = (Desk::new(), Tab::of(1, "Maja"), Tab::of(2, "Jo"));
    let page = page(&desk, &mut maja);
    jo.rev = maja.rev;
    // Maja's autosaves take the place of the revision that Jo began with.
    for second in 2..9 {
        desk.save(&mut maja, page, json!([set("notes", format!("note {second}"))]), second);
    }
    assert_eq!(desk.revisions(page).len(), 1);
    let answer = desk.save(&mut jo, page, json!([set("body", "<p>jars</p>")]), 9);
    assert!(answer["conflicts"].is_null(), "{answer}");
    assert_eq!(answer["theirs"][0]["path"], "notes");
    assert_eq!(answer["theirs"][0]["value"], "note 8");
    let values = desk.values(page);
    assert_eq!((&values["notes"], &values["body"]), (&json!("note 8"), &json!("<p>jars</p>")));
}

#[test]
fn two_people_in_one_field_are_asked() {
    let (desk, mut maja, mut jo) = (Desk::new(), Tab::of(1, "Maja"), Tab::of(2, "Jo"));
    let page = page(&desk, &mut maja);
    jo.rev = maja.rev;
    desk.save(&mut maja, page, json!([set("body", "<p>Maja's</p>")]), 70);
    let answer = desk.save(&mut jo, page, json!([set("body", "<p>Jo's</p>"), set("notes", "n")]), 80);
    let conflict = &answer["conflicts"][0];
    assert_eq!((&conflict["path"], &conflict["theirs"]), (&json!("body"), &json!("<p>Maja's</p>")));
    assert_eq!((&conflict["theirs_text"], &conflict["by"]), (&json!("Maja's"), &json!("Maja")));
    assert_eq!(desk.values(page)["body"], "<p>Maja's</p>");
    assert_eq!(desk.values(page)["notes"], "n");
    // The same words are no conflict, and neither is a choice made with the new revision in sight.
    jo.rev = Some(1);
    let same = desk.save(&mut jo, page, json!([set("body", "<p>Maja's</p>")]), 81);
    assert!(same["conflicts"].is_null(), "{same}");
    let mine = desk.save(&mut jo, page, json!([set("body", "<p>Jo's</p>")]), 82);
    assert!(mine["conflicts"].is_null(), "{mine}");
    assert_eq!(desk.values(page)["body"], "<p>Jo's</p>");
}

#[test]
fn lists_of_two_people_are_merged_and_their_moves_are_not_mixed() {
    let (desk, mut maja, mut jo) = (Desk::new(), Tab::of(1, "Maja"), Tab::of(2, "Jo"));
    let page = page(&desk, &mut maja);
    let insert = |id: &str, after: Value| json!({"op": "insert", "list": "links", "after": after, "id": id, "value": {"label": id}});
    let three = json!([insert("aaaa", json!(null)), insert("bbbb", json!("aaaa")), insert("cccc", json!("bbbb"))]);
    desk.save(&mut maja, page, three, 70);
    jo.rev = maja.rev;
    desk.save(
        &mut maja,
        page,
        json!([insert("mmmm", json!("aaaa")), {"op": "remove", "list": "links", "id": "bbbb"}]),
        140,
    );
    let seen = jo.rev;
    let answer = desk.save(&mut jo, page, json!([insert("jjjj", json!("bbbb")), set("links[bbbb].label", "x")]), 141);
    assert_eq!(answer["conflicts"][0]["what"], "removed");
    assert_eq!(answer["conflicts"][0]["path"], "links[bbbb]");
    let order = |desk: &Desk| -> Vec<String> {
        let values = desk.values(page);
        values["links"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(order(&desk), ["aaaa", "jjjj", "mmmm", "cccc"]);
    desk.save(&mut maja, page, json!([{"op": "move", "list": "links", "id": "cccc", "after": null}]), 210);
    jo.rev = seen;
    let answer = desk.save(&mut jo, page, json!([{"op": "move", "list": "links", "id": "aaaa", "after": "cccc"}]), 211);
    assert!(answer["conflicts"].is_null(), "it is there already: {answer}");
    jo.rev = seen;
    let answer = desk.save(&mut jo, page, json!([{"op": "move", "list": "links", "id": "cccc", "after": "aaaa"}]), 212);
    assert_eq!(answer["conflicts"][0]["what"], "moved");
    assert_eq!(answer["conflicts"][0]["theirs"], Value::Null, "it stands in front");
    jo.rev = seen;
    desk.save(&mut maja, page, json!([set("links[aaaa].label", "changed")]), 213);
    let answer = desk.save(&mut jo, page, json!([{"op": "remove", "list": "links", "id": "aaaa"}]), 214);
    assert_eq!(answer["conflicts"][0]["theirs"]["label"], "changed");
}

#[test]
fn a_request_that_is_sent_again_gets_the_first_answer() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let body = maja.request(json!([set("@title", "Once")]));
    let begin = || {
        let save = DraftSave::read(&body).unwrap();
        desk.authoring.begin_entry(desk.landing(), save, maja.editor.clone(), at(1)).unwrap()
    };
    let first = begin();
    assert_eq!(begin(), first);
    let page = first.entry;
    let revisions = desk.revisions(page).len();
    let mut tab = Tab::of(1, "Maja");
    tab.rev = Some(desk.open(page).revision.unwrap().id.0);
    let body = tab.request(json!([set("notes", "a")]));
    let answer = desk.send(&tab, page, &body, 100).unwrap();
    desk.authoring.publish(page, HERE, desk.sign(101)).unwrap_err();
    assert_eq!(desk.send(&tab, page, &body, 200).unwrap(), answer);
    assert_eq!(desk.revisions(page).len(), revisions + 1);
    // A copied tab counts on from the same number with other words.
    let other = String::from_utf8(body).unwrap().replace("\"a\"", "\"b\"");
    assert_ne!(desk.send(&tab, page, other.as_bytes(), 201).unwrap().answer, answer.answer);
    // After a day nobody sends it again.
    desk.send(&tab, page, &tab.request_again(), 200_000).unwrap();
    assert_eq!(desk.store.read(|read| read.folded(crate::content::entry::RevisionId(1))).unwrap(), None);
}

impl Tab {
    fn request_again(&self) -> Vec<u8> {
        json!({"base": self.rev, "client": self.client, "seq": 99, "ops": []}).to_string().into_bytes()
    }
}

#[test]
fn a_deleted_entry_says_who_deleted_it() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let page = page(&desk, &mut maja);
    desk.authoring.delete(page, true, Signature::at("Jo", at(5))).unwrap();
    let body = maja.request(json!([set("notes", "x")]));
    let error = desk.send(&maja, page, &body, 6).unwrap_err();
    assert!(matches!(&error, Error::Deleted { by: Some(by), at: when } if by == "Jo" && *when == at(5)), "{error}");
    desk.authoring.undelete(page, desk.sign(7)).unwrap();
    desk.send(&maja, page, &body, 8).unwrap();
    assert_eq!(desk.values(page)["notes"], "x");
}

#[test]
fn leaving_removes_only_what_nobody_filled_in() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let leave = |entry, tab: &Tab| desk.authoring.leave_draft(entry, &tab.client, tab.editor.clone(), at(60));
    let empty = id(&desk.begin(&mut maja, desk.landing(), json!([set("@title", "x"), set("@title", "")]), 1));
    assert!(!leave(empty, &Tab::of(2, "Jo")).unwrap());
    assert!(leave(empty, &maja).unwrap());
    assert!(matches!(leave(empty, &maja), Err(Error::NotFound(_))));
    let filled = id(&desk.begin(&mut maja, BLOG, json!([set("body", "x")]), 2));
    assert!(!leave(filled, &maja).unwrap());
    let post = id(&desk.begin(&mut maja, BLOG, json!([set("tags", json!([]))]), 3));
    assert!(leave(post, &maja).unwrap());
}

#[test]
fn posts_are_saved_like_pages() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let tag = desk.store.write(|write| {
        let tag = crate::content::post::Term { id: 0, name: "Fruit".into(), slug: "fruit".into() };
        write.add_term(crate::content::post::Filing::Tag, &tag)
    });
    let tag = tag.unwrap();
    let ops = json!([
        set("@title", "On jars"),
        set("body", "<p>x</p><script>1</script>"),
        set("tags", [tag.to_string()]),
        set("categories", [77]),
        set("featured_image", json!({"url": "https://cms.example/media/x", "alt": "a"})),
        set("headline", "no such field"),
    ]);
    let answer = desk.begin(&mut maja, BLOG, ops, 1);
    assert_eq!((&answer["slug"], &answer["title"]), (&json!("on-jars"), &json!("On jars")));
    let refused: Vec<&String> = answer["refused"].as_object().unwrap().keys().collect();
    assert_eq!(refused, ["categories", "headline"]);
    let values = desk.values(id(&answer));
    assert_eq!((&values["body"], &values["tags"]), (&json!("<p>x</p>"), &json!([tag])));
    assert_eq!(values["featured_image"], json!({"url": "/media/x", "alt": "a"}));
    assert!(desk.authoring.publish(id(&answer), HERE, desk.sign(2)).is_ok());
}

#[test]
fn a_draft_touches_no_live_answer() {
    let (desk, mut maja) = (Desk::new(), Tab::of(1, "Maja"));
    let page = page(&desk, &mut maja);
    desk.save(&mut maja, page, json!([set("headline", "H")]), 2);
    desk.authoring.publish(page, HERE, desk.sign(3)).unwrap();
    let seen = || desk.store.read(|read| read.newest_change()).unwrap();
    let before = seen();
    let insert = json!({"op": "insert", "list": "links", "after": null, "id": "aaaa", "value": {"label": "a"}});
    desk.save(&mut maja, page, json!([set("body", "<p>new</p>"), set("@title", "New"), insert]), 4);
    assert_eq!(seen(), before);
}

/// One step of two people at work.
#[derive(Clone, Debug)]
enum Step {
    Set {
        who: usize,
        path: usize,
        value: u8,
    },
    /// The answer gets lost, and the tab sends the same again.
    SetTwice {
        who: usize,
        path: usize,
        value: u8,
    },
    Reload {
        who: usize,
    },
    Publish,
    Restore {
        back: usize,
    },
}

const PATHS: [&str; 5] = ["notes", "body", "hero.label", "links[aaaa].label", "@title"];

fn step() -> impl Strategy<Value = Step> {
    let set = || (0..2_usize, 0..PATHS.len(), 0..4_u8);
    prop_oneof![
        6 => set().prop_map(|(who, path, value)| Step::Set { who, path, value }),
        2 => set().prop_map(|(who, path, value)| Step::SetTwice { who, path, value }),
        1 => (0..2_usize).prop_map(|who| Step::Reload { who }),
        1 => Just(Step::Publish),
        1 => (1..4_usize).prop_map(|back| Step::Restore { back }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whoever overwrites something has seen it: after every answer a form shows what is stored, and nothing
    /// that was acknowledged gives way to somebody who did not know of it.
    #[test]
    fn nothing_acknowledged_is_lost(steps in prop::collection::vec((step(), 1..40_i64), 1..24)) {
        let desk = Desk::new();
        let mut tabs = [Tab::of(1, "Maja"), Tab::of(2, "Jo")];
        let insert = json!({"op": "insert", "list": "links", "after": null, "id": "aaaa", "value": {"label": "0"}});
        let page = id(&desk.begin(&mut tabs[0], desk.landing(), json!([set("headline", "H"), set("@title", "0"), insert]), 1));
        tabs[1].rev = tabs[0].rev;
        let shown = |desk: &Desk| -> BTreeMap<&str, Value> {
            let values = desk.values(page);
            PATHS.iter().map(|path| (*path, values[*path].clone())).collect()
        };
        let mut forms = [shown(&desk), shown(&desk)];
        let mut second = 1;
        for (step, pause) in steps {
            second += pause;
            match step {
                Step::Set { who, path, value } | Step::SetTwice { who, path, value } => {
                    let (path, wanted) = (PATHS[path], json!(value.to_string()));
                    let before = shown(&desk);
                    let body = tabs[who].request(json!([set(path, wanted.clone())]));
                    let reply = desk.send(&tabs[who], page, &body, second).unwrap();
                    if matches!(step, Step::SetTwice { .. }) {
                        prop_assert_eq!(&desk.send(&tabs[who], page, &body, second + 1).unwrap(), &reply);
                    }
                    let answer = taken_over(&mut tabs[who], &reply);
                    let saved = if reply.conflict { &answer["saved"] } else { &answer };
                    let form = &mut forms[who];
                    let stored = shown(&desk);
                    if reply.conflict {
                        prop_assert_eq!(&answer["conflicts"][0]["theirs"], &before[path]);
                        prop_assert_eq!(&stored[path], &before[path]);
                        form.insert(path, before[path].clone());
                    } else {
                        prop_assert!(before[path] == form[path] || before[path] == wanted,
                            "{} was overwritten unseen: {} by {}", path, before[path], wanted);
                        prop_assert_eq!(&stored[path], &wanted);
                        form.insert(path, wanted);
                    }
                    for news in saved["theirs"].as_array().unwrap() {
                        if let Some(path) = PATHS.iter().find(|path| **path == news["path"] && news["order"].is_null()) {
                            form.insert(path, news["value"].clone());
                        }
                    }
                    prop_assert_eq!(&*form, &stored, "the form of {} is behind", who);
                }
                Step::Reload { who } => {
                    tabs[who].rev = desk.open(page).revision.map(|revision| revision.id.0);
                    forms[who] = shown(&desk);
                }
                Step::Publish => { let _ = desk.authoring.publish(page, HERE, desk.sign(second)); }
                Step::Restore { back } => {
                    let revisions = desk.revisions(page);
                    let old = &revisions[back.min(revisions.len()) - 1];
                    desk.authoring.restore(old.id, desk.sign(second)).unwrap();
                }
            }
        }
    }

    /// Whatever two people do to a list, everybody's elements are there once, with what they hold.
    #[test]
    fn nothing_in_a_list_is_lost(steps in prop::collection::vec((0..2_usize, 0..4_u8, 0..8_u8, 0..9_u8), 1..30)) {
        let desk = Desk::new();
        let mut tabs = [Tab::of(1, "Maja"), Tab::of(2, "Jo")];
        let page = page(&desk, &mut tabs[0]);
        tabs[1].rev = tabs[0].rev;
        let name = |number: u8| format!("id{number:02}");
        let mut there: BTreeMap<String, String> = BTreeMap::new();
        for (second, (who, what, one, other)) in steps.into_iter().enumerate() {
            let (id, after) = (name(one), if other == 8 { Value::Null } else { json!(name(other)) });
            let label = format!("{id} by {who}");
            let op = match what {
                0 => json!({"op": "insert", "list": "links", "after": after, "id": id, "value": {"label": label}}),
                1 => json!({"op": "move", "list": "links", "id": id, "after": after}),
                2 => json!({"op": "remove", "list": "links", "id": id}),
                _ => set(&format!("links[{id}].label"), label.clone()),
            };
            let answer = desk.save(&mut tabs[who], page, json!([op]), second as i64 * 7 + 2);
            if answer["conflicts"].is_null() {
                match what {
                    2 => drop(there.remove(&id)),
                    0 | 3 => drop(there.insert(id, label)),
                    _ => {}
                }
            }
            let values = desk.values(page);
            let order: Vec<&str> = values["links"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, there.keys().map(String::as_str).collect::<Vec<_>>());
            for (id, label) in &there {
                prop_assert_eq!(&values[format!("links[{id}].label")], label);
            }
        }
    }

    /// Changes to different fields come to the same in either order.
    #[test]
    fn merging_does_not_depend_on_who_is_first(a in 0..PATHS.len(), b in 0..PATHS.len(), pause in 1..90_i64) {
        prop_assume!(a != b);
        let end = |first: usize| {
            let (desk, mut tabs) = (Desk::new(), [Tab::of(1, "Maja"), Tab::of(2, "Jo")]);
            let page = page(&desk, &mut tabs[0]);
            let insert = json!([{"op": "insert", "list": "links", "after": null, "id": "aaaa", "value": {"label": "0"}}]);
            desk.save(&mut tabs[0], page, insert, 2);
            tabs[1].rev = tabs[0].rev;
            for (turn, who) in [first, 1 - first].into_iter().enumerate() {
                let path = [PATHS[a], PATHS[b]][who];
                let answer = desk.save(&mut tabs[who], page, json!([set(path, who.to_string())]), 3 + turn as i64 * pause);
                assert!(answer["conflicts"].is_null(), "{answer}");
            }
            desk.values(page)
        };
        prop_assert_eq!(end(0), end(1));
    }
}
