use std::fs;
use std::io::Read as _;

use super::{Address, Content, Level, Place, Span, Stored};
use crate::content::moment::Moment;

fn place() -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let address: Address = format!("file://{}/copies", folder.path().display()).parse().unwrap();
    (folder, Place::open(&address).unwrap())
}

fn text(place: &Place, level: Level, span: Span) -> String {
    let mut text = String::new();
    place.get(level, span).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_part_of_the_log_is_stored_once_where_litestream_looks() {
    let (folder, place) = place();
    let (span, time) = (Span { first: 10, last: 31 }, Moment::from_micros(1_700_000_000_250_000));
    let put = |bytes: &[u8]| place.put_new(Level::RAW, span, &Content::Bytes(bytes), time).unwrap();
    assert_eq!(put(b"one"), Stored::Created);
    assert_eq!(put(b"one"), Stored::Same);
    assert_eq!(put(b"two"), Stored::Other);
    assert_eq!(text(&place, Level::RAW, span), "one");
    assert!(folder.path().join("copies/ltx/0/000000000000000a-000000000000001f.ltx").is_file());
    let listed = place.list(Level::RAW).unwrap();
    assert_eq!(listed.iter().map(|part| (part.span, part.size, part.time)).collect::<Vec<_>>(), [(span, 3, time)]);
    assert!(place.list(Level::SNAPSHOT).unwrap().is_empty());
    place.delete(Level::RAW, span).unwrap();
    place.delete(Level::RAW, span).unwrap();
    assert!(place.get(Level::RAW, span).err().is_some_and(|error| error.is_missing()));
}

#[test]
fn a_level_lists_its_parts_in_order_and_nothing_else() {
    let (folder, place) = place();
    let spans = [Span::one(1), Span::one(2), Span { first: 2, last: 9 }, Span::one(300)];
    for span in spans.iter().rev() {
        place.put_new(Level::RAW, *span, &Content::Bytes(b"x"), Moment::from_micros(0)).unwrap();
    }
    for other in ["readme.txt", ".tmp-abc", "0000000000000003-0000000000000002.ltx", "3-4.ltx"] {
        fs::write(folder.path().join("copies/ltx/0").join(other), "x").unwrap();
    }
    assert_eq!(place.list(Level::RAW).unwrap().iter().map(|part| part.span).collect::<Vec<_>>(), spans);
}

#[test]
fn an_object_is_replaced_only_by_who_has_seen_it_last() {
    let (_folder, place) = place();
    assert!(place.find("larder/lease.json").unwrap().is_none());
    assert_eq!(place.create("larder/lease.json", &Content::Bytes(b"a")).unwrap(), Stored::Created);
    let first = place.find("larder/lease.json").unwrap().unwrap();
    let second = place.replace("larder/lease.json", b"b", &first.tag).unwrap().unwrap();
    assert!(place.replace("larder/lease.json", b"c", &first.tag).unwrap().is_none());
    assert_eq!(place.find("larder/lease.json").unwrap().unwrap().bytes, b"b");
    assert!(place.replace("larder/lease.json", b"c", &second).unwrap().is_some());
    place.remove("larder/lease.json").unwrap();
    assert!(place.replace("larder/lease.json", b"d", &second).unwrap().is_none());
}

#[test]
fn opening_removes_what_an_interrupted_writer_left_and_nothing_that_is_being_written() {
    let (folder, place) = place();
    place.create("media/a", &Content::Bytes(b"x")).unwrap();
    let (left, held) = (folder.path().join("copies/media/.tmp-left"), folder.path().join("copies/media/.tmp-held"));
    fs::write(&left, "half").unwrap();
    fs::write(&held, "half").unwrap();
    let at_work = fs::File::open(&held).unwrap();
    at_work.lock().unwrap();
    Place::open(place.address()).unwrap();
    assert!(!left.exists() && held.exists());
    assert_eq!(place.objects("media").unwrap().len(), 1);
}

#[test]
fn what_is_no_place_is_refused_with_what_is_expected() {
    for wrong in ["", "copies", "file://", "file:///", "file://host/x", "https://a.example/", "s3://"] {
        let said = wrong.parse::<Address>().unwrap_err();
        assert!(said.contains("file:///absolute/folder"), "{said}");
    }
}
