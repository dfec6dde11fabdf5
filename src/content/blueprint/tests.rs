use serde_json::{Value, json};

use super::{Beside, GroupTexts, Shelf, Spot, as_file, dropped, field_at, uses};
use crate::content::definition::{Definition, Ids};
use crate::content::line::{read, read_all};
use crate::content::moment::Moment;

/// A model as it is in force: with ids.
fn in_force() -> Definition {
    let file = json!({
        "larder_schema": 1,
        "components": [{"key": "hero", "fields": [{"key": "headline", "type": "short_text"}]}, {"key": "quote", "fields": []}],
        "page_types": [{"key": "landing", "fields": [
            {"key": "layout", "type": "dropdown", "options": [{"value": "split"}]},
            {"key": "teaser", "type": "short_text", "show_if": {"field": "layout", "is": ["split"]}},
            {"key": "blocks", "type": "component_picker", "components": ["hero", "quote"]},
            {"key": "hours", "type": "repeater", "fields": [{"key": "day", "type": "short_text"}, {"key": "from", "type": "short_text"}]},
        ]}],
        "collections": [{"key": "people", "label": "name", "fields": [{"key": "name", "type": "short_text"}]}],
    });
    let model =
        Definition::parse(&file.to_string()).and_then(|file| file.to_model(&mut Ids::default())).expect("a model");
    Definition::of(&model, true)
}

fn landing() -> Spot {
    Spot::new(Shelf::PageTypes, "landing")
}

fn keys(model: &Definition, spot: &Spot) -> Vec<String> {
    let fields = &model.group(spot).expect("a group").fields;
    fields.iter().filter(|field| field.dropped.is_none()).map(|field| field.key.clone()).collect()
}

#[test]
fn a_renamed_group_is_followed_by_everything_that_refers_to_it() {
    let mut board = in_force();
    board
        .add_fields(
            &landing(),
            "",
            read_all("team ref(people)*\nnext ref(landing)\nrows list(who ref(people))").expect("fields"),
        )
        .expect("added");
    let texts =
        GroupTexts { key: "staff".into(), name: "Staff".into(), label: Some("name".into()), ..GroupTexts::default() };
    let staff = board.change_group(&Spot::new(Shelf::Collections, "people"), texts).expect("renamed");
    let texts = GroupTexts { key: "page".into(), name: "Page".into(), ..GroupTexts::default() };
    let page = board.change_group(&landing(), texts).expect("renamed");
    assert_eq!(board.check(), Ok(()));
    let used: Vec<String> = uses(&board, &staff).into_iter().map(|used| used.field).collect();
    assert_eq!(used, ["team", "rows.who"]);
    assert_eq!(uses(&board, &page).len(), 1, "`ref(landing)` meant the page type, as there is no such collection");
    let file = as_file(&in_force(), &board);
    assert_eq!(
        (file.collections[0].was.as_deref(), file.page_types[0].was.as_deref()),
        (Some("people"), Some("landing"))
    );
}

#[test]
fn conditions_and_labels_follow_a_renamed_field() {
    let mut board = in_force();
    let field = field_at(&board.page_types[0].fields, "layout").expect("a field");
    board
        .change_field(&landing(), "layout", crate::content::field::Definition { key: "form".into(), ..field })
        .expect("changed");
    assert_eq!(
        field_at(&board.page_types[0].fields, "teaser")
            .and_then(|field| field.show_if)
            .map(|condition| condition.field),
        Some("form".into())
    );
    let people = Spot::new(Shelf::Collections, "people");
    board.change_field(&people, "name", read("full_name text!").expect("a field")).expect("changed");
    assert_eq!(board.collections[0].label.as_deref(), Some("full_name"));
    assert_eq!(board.check(), Ok(()));
    let file = as_file(&in_force(), &board);
    assert_eq!(file.collections[0].fields[0].was.as_deref(), Some("name"));
    assert!(
        board
            .change_field(&landing(), "form", read("teaser text").expect("a field"))
            .expect_err("taken")
            .contains("already")
    );
}

#[test]
fn fields_are_moved_in_their_own_list_only() {
    let mut board = in_force();
    board.move_field(&landing(), "layout", &Beside::Down).expect("moved");
    board.move_field(&landing(), "hours", &Beside::After(String::new())).expect("moved");
    board.move_field(&landing(), "hours.from", &Beside::Up).expect("moved");
    board.move_field(&landing(), "blocks", &Beside::Down).expect("the last stays the last");
    assert_eq!(keys(&board, &landing()), ["hours", "teaser", "layout", "blocks"]);
    let hours = field_at(&board.page_types[0].fields, "hours").expect("a field");
    let inside: Vec<&str> =
        hours.options["fields"].as_array().expect("fields").iter().filter_map(|field| field["key"].as_str()).collect();
    assert_eq!(inside, ["from", "day"]);
}

#[test]
fn what_is_removed_can_be_brought_back_under_another_key_when_its_own_is_taken() {
    let mut board = in_force();
    let now = Moment::from_micros(1);
    board.remove_field(&landing(), "teaser", now).expect("removed");
    board.remove_field(&landing(), "hours.day", now).expect("removed");
    assert_eq!(dropped(&board.page_types[0].fields).len(), 2);
    board.add_fields(&landing(), "", vec![read("teaser number").expect("a field")]).expect("the key is free");
    let id = in_force().page_types[0].fields[1].id.expect("an id");
    assert_eq!(board.restore_field(&landing(), "", id), Ok("teaser_2".into()));
    let file = as_file(&in_force(), &board);
    let teaser = file.page_types[0].fields.iter().find(|field| field.key == "teaser_2").expect("it is back");
    assert_eq!(teaser.was.as_deref(), Some("teaser"), "never saved as removed, it is renamed");
    let file = as_file(&board_with_dropped(), &{
        let mut board = board_with_dropped();
        board.restore_field(&landing(), "", id).expect("back");
        board
    });
    let teaser = file.page_types[0].fields.iter().find(|field| field.key == "teaser").expect("it is back");
    assert_eq!(teaser.was, Some(format!("~{id}")), "saved as removed, it is named by its number");
    // New fields leave nothing behind.
    board.remove_field(&landing(), "teaser", now).expect("removed");
    assert_eq!(dropped(&board.page_types[0].fields).len(), 1);
}

fn board_with_dropped() -> Definition {
    let mut board = in_force();
    board.remove_field(&landing(), "teaser", Moment::from_micros(1)).expect("removed");
    board
}

#[test]
fn a_group_that_is_needed_stays_and_one_among_others_goes() {
    let mut board = in_force();
    let (hero, quote) = (Spot::new(Shelf::Components, "hero"), Spot::new(Shelf::Components, "quote"));
    board.remove_group(&quote).expect("the picker offers the other one");
    assert_eq!(board.page_types[0].fields[2].options["components"], json!(["hero"]));
    let why = board.remove_group(&hero).expect_err("the picker would offer everything");
    assert!(why.contains("`blocks` of Landing"), "{why}");
    assert!(board.add_group(Shelf::Components, "Hero", "").expect_err("taken").contains("already"));
    assert_eq!(board.add_group(Shelf::PageTypes, "Über uns", "").map(|spot| spot.key), Ok("ueber-uns".into()));
    assert!(board.add_group(Shelf::PageTypes, "!", "").is_err());
}

#[test]
fn a_board_without_changes_is_a_file_that_changes_nothing() {
    let base = in_force();
    let model = base.to_model(&mut Ids::default()).expect("a model");
    let file: Value = json!(as_file(&base, &base));
    assert_eq!(file, json!(Definition::of(&model, false)));
}
