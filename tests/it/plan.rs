//! Lists are answered from indexes: SQLite's own account of every statement they are made of.

use larder::store::{Error, Store};

use crate::command::Folder;

#[test]
fn no_list_reads_a_whole_table_or_sorts_one() {
    let folder = Folder::starter();
    let store = Store::open(&folder.site()).expect("the site");
    let plans = store.read(|read| read.explain_lists()).map_err(|error: Error| error).expect("plans");
    assert_eq!(plans.len(), 11);
    for (sql, plan) in plans {
        // `listed` is no table but the part of a group that another step has found.
        let steps = plan.iter().filter(|step| step.starts_with("S") && *step != "SCAN listed");
        assert!(steps.clone().count() > 0 && steps.clone().all(|step| step.starts_with("SEARCH ")), "{sql}\n{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}\n{plan:?}");
    }
}

#[test]
fn what_one_entry_holds_is_found_by_entry() {
    let folder = Folder::starter();
    let store = Store::open(&folder.site()).expect("the site");
    let plans = store.read(|read| read.explain_lists()).map_err(|error: Error| error).expect("plans");
    for (sql, plan) in plans.iter().filter(|(sql, _)| sql.contains("WHERE entry = ?") && !sql.contains("EXISTS")) {
        assert!(plan[0].contains("COVERING INDEX field_index_entry (entry=? AND slot=?)"), "{sql}\n{plan:?}");
    }
}
