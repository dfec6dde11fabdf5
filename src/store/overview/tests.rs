//! Lines and counts follow whatever is done.

use rusqlite::Connection;

use super::{By, Eyes, Standing, Survey};
use crate::authoring::{Act, Authoring, NewItem, Signature, State, Wish};
use crate::content::definition::{BLOG, Definition};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::SchemaId;
use crate::store::Store;

/// Rows that are in one of two queries and not in the other.
fn different(connection: &Connection, one: &str, other: &str) -> i64 {
    let sql =
        format!("SELECT (SELECT count(*) FROM ({one} EXCEPT {other})) + (SELECT count(*) FROM ({other} EXCEPT {one}))");
    connection.query_row(&sql, [], |row| row.get(0)).expect("counted")
}

fn assert_true(store: &Store, after: &str) {
    let connection = Connection::open(store.path()).expect("open");
    assert_eq!(
        different(&connection, "SELECT * FROM overview", "SELECT * FROM overview_now"),
        0,
        "lines after {after}"
    );
    let counted = "SELECT schema, lane, standing, creator, count(*) FROM overview GROUP BY 1, 2, 3, 4";
    assert_eq!(different(&connection, "SELECT * FROM tally WHERE lines <> 0", counted), 0, "counts after {after}");
}

fn titles(store: &Store, schema: SchemaId, standing: Option<Standing>) -> Vec<String> {
    let found = store.read(|read| {
        read.survey(&Survey {
            schema,
            eyes: Eyes::All,
            standing,
            words: None,
            filed: &[],
            locale: None,
            once: false,
            edited_by: None,
            by: By::Position,
            descending: false,
            after: None,
            before: None,
            limit: 10,
        })
    });
    found.expect("read").lines.into_iter().map(|line| line.title).collect()
}

#[test]
fn lines_and_counts_follow_whatever_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = std::sync::Arc::new(Store::create(folder.path()).expect("a site"));
    let authoring = Authoring::new(store.clone(), "");
    let sign = || Signature::now("Ada");
    let define = |label: &str| {
        let text = format!(
            r#"{{"larder_schema": 1, "collections": [{{"key": "jars", "label": "{label}", "fields":
                [{{"key": "name", "type": "short_text"}}, {{"key": "taste", "type": "short_text"}}]}}]}}"#
        );
        let definition = Definition::parse(&text).expect("a definition");
        let plan = authoring.plan_schema(&definition).expect("a plan");
        authoring.change_schema(definition, plan.model, true, sign(), std::sync::Arc::default()).expect("changed");
    };
    define("name");
    let schema = authoring.model().expect("a model").collection("jars").expect("jars").id;
    assert_ne!(schema, BLOG);
    let make = |name: &str, taste: &str| {
        let fields = serde_json::json!({"name": name, "taste": taste}).as_object().cloned();
        let contents = vec![crate::authoring::Sent { locale: LocaleId(0), fields }];
        let item = NewItem { schema, contents, state: State::Published };
        authoring.create_items(vec![item], sign()).expect("made")[0].id
    };
    let jars = [make("Plum", "sweet"), make("Quince", "sour")];
    assert_true(&store, "making");
    assert_eq!(titles(&store, schema, None), ["Plum", "Quince"]);
    for act in [
        Act::Unpublish,
        Act::Publish,
        Act::Archive,
        Act::Unarchive,
        Act::Schedule(Moment::from_micros(9_000_000_000_000_000)),
        Act::Delete,
    ] {
        let name = format!("{act:?}");
        let (undo, _) = authoring.act(jars[0], LocaleId(0), act.clone(), Wish::Nowhere, sign()).expect(&name);
        assert_true(&store, &name);
        if act == Act::Archive {
            assert_eq!(titles(&store, schema, None), ["Quince"]);
            assert_eq!(titles(&store, schema, Some(Standing::Archived)), ["Plum"]);
        }
        if act == Act::Publish {
            authoring.undo(undo, sign()).expect("undone");
            assert_true(&store, "undoing");
        }
    }
    authoring.undelete(jars[0], sign()).expect("back");
    define("taste");
    assert_true(&store, "another label");
    assert_eq!(titles(&store, schema, None), ["sweet", "sour"]);
    authoring.delete(jars[0], true, sign()).expect("deleted");
    authoring.purge_one(jars[0], sign()).expect("purged");
    assert_true(&store, "purging");
    assert!(store.read(|read| read.entry(EntryId(jars[0].0))).expect("read").is_none());
}
