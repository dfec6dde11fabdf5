//! Taking in, replacing and removing, on a real folder.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;

use super::{Incoming, MediaEdit, NewFolder};
use crate::authoring::{Authoring, Error, KEPT, NewAuthor, Signature, init_site};
use crate::content::media::Focal;
use crate::content::moment::Moment;
use crate::content::post::Author;
use crate::store::{Asked, MediaRow, Store};

struct Site {
    folder: TempDir,
    authoring: Authoring,
}

fn by(name: &str, at: i64) -> Signature {
    Signature::at(name, Moment::from_micros(at))
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        init_site(&store, &by("Ada", 0)).unwrap();
        Self { authoring: Authoring::new(Arc::new(store), "https://cms.example.com"), folder }
    }

    fn incoming(&self, name: &str, bytes: &[u8]) -> Incoming {
        let mut file = self.authoring.new_media_file().unwrap();
        file.write_all(bytes).unwrap();
        Incoming::new(file, name)
    }

    fn add(&self, name: &str, bytes: &[u8]) -> MediaRow {
        self.authoring.take_in(self.incoming(name, bytes), None, by("Ada", 10)).unwrap().facts.media
    }

    /// The files that lie in the folder, those of clean copies with `served/` in front.
    fn files(&self) -> BTreeSet<String> {
        let names = |folder: &Path, start: &str| {
            let listed = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
            let files = listed.filter(|entry| entry.file_type().unwrap().is_file());
            files.map(|entry| format!("{start}{}", entry.file_name().display())).collect::<BTreeSet<_>>()
        };
        let media = self.folder.path().join("media");
        &names(&media, "") | &names(&media.join("served"), "served/")
    }
}

fn png(side: u32, text: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, 1);
    encoder.set_color(png::ColorType::Grayscale);
    if let Some(text) = text {
        encoder.add_text_chunk("Comment".into(), text.into()).unwrap();
    }
    encoder.write_header().unwrap().write_image_data(&vec![7; side as usize]).unwrap();
    bytes
}

#[test]
fn a_picture_is_measured_and_its_copy_cleaned() {
    let site = Site::new();
    let media = site.add("../../jar.png", &png(3, Some("at home")));
    assert_eq!((media.filename.as_str(), media.kind.as_str(), media.width), ("jar.png", "image/png", Some(3)));
    assert_eq!(media.colour.as_deref(), Some("#070707"));
    assert!(media.placeholder.is_some());
    let served = media.served.clone().expect("a clean copy");
    assert_eq!(site.files(), BTreeSet::from([media.hash.clone(), format!("served/{served}")]));
    let copy = std::fs::read(site.folder.path().join("media/served").join(&served)).unwrap();
    assert_eq!(copy, png(3, None));
    assert!(site.add("plain.png", &png(4, None)).served.is_none());
}

#[test]
fn the_same_bytes_and_the_same_upload_are_recognised() {
    let site = Site::new();
    let asked = || Asked { user: 1, client: "up-1".into(), seq: -1, digest: String::new() };
    let take =
        |bytes: &[u8], asked| site.authoring.take_in(site.incoming("a.png", bytes), asked, by("Ada", 1)).unwrap();
    let first = take(&png(1, None), Some(asked()));
    let repeated = take(&png(1, None), Some(asked()));
    assert_eq!((repeated.known, &repeated.facts.media.id), (false, &first.facts.media.id));
    let same = take(&png(1, None), None);
    assert_eq!((same.known, &same.facts.media.id), (true, &first.facts.media.id));
    let other = take(&png(2, None), Some(asked()));
    assert_ne!(other.facts.media.id, first.facts.media.id);
    let again = Incoming { again: true, ..site.incoming("b.png", &png(1, None)) };
    let again = site.authoring.take_in(again, None, by("Ada", 2)).unwrap();
    assert!(!again.known && again.facts.media.id != first.facts.media.id);
    assert_eq!(site.files().len(), 2);
}

#[test]
fn replacing_keeps_the_address_and_what_was_there() {
    let site = Site::new();
    let edit = MediaEdit { alt: Some("A jar".into()), tags: Some(vec!["jam".into()]), ..MediaEdit::default() };
    let old = site.add("old.png", &png(1, Some("x")));
    site.authoring.edit_media(&old.id, edit, by("Ada", 11)).unwrap();
    let replaced =
        site.authoring.replace_media(&old.id, site.incoming("new.png", &png(2, None)), by("Bea", 20)).unwrap();
    assert_eq!(
        (replaced.media.width, replaced.media.alt.as_str(), replaced.media.by.as_str()),
        (Some(2), "A jar", "Bea")
    );
    assert_eq!((replaced.media.created, replaced.tags), (old.created, vec!["jam".to_owned()]));
    let versions = site.authoring.store().read(|read| read.media_versions(&old.id)).unwrap();
    assert_eq!((versions.len(), versions[0].by.as_str(), &versions[0].hash), (1, "Ada", &old.hash));
    let back = site.authoring.restore_media_version(&old.id, versions[0].id, by("Cy", 30)).unwrap();
    assert_eq!((&back.media.hash, &back.media.served, back.media.width), (&old.hash, &old.served, Some(1)));
    assert_eq!(site.authoring.store().read(|read| read.media_versions(&old.id)).unwrap().len(), 2);
    assert_eq!(site.files().len(), 3);
}

#[test]
fn bytes_go_with_the_last_that_needs_them() {
    let site = Site::new();
    let one = site.add("one.png", &png(1, Some("x")));
    let two = Incoming { again: true, ..site.incoming("two.png", &png(1, Some("x"))) };
    let two = site.authoring.take_in(two, None, by("Ada", 10)).unwrap().facts.media;
    let (three, files) = (site.add("three.png", &png(3, None)), site.files());
    site.authoring.replace_media(&three.id, site.incoming("x.png", &png(1, Some("x"))), by("Ada", 11)).unwrap();
    assert_eq!(site.files(), files);
    let purge = || site.authoring.purge_deleted_media(Moment::from_micros(KEPT + 100)).unwrap();
    site.authoring.delete_media(&one.id, false, by("Ada", 20)).unwrap();
    assert!(site.authoring.media_facts(&one.id).is_err());
    site.authoring.undelete_media(&one.id, by("Ada", 21)).unwrap();
    assert_eq!(site.authoring.media_facts(&one.id).unwrap().media.alt, one.alt);
    for media in [&one, &two] {
        site.authoring.delete_media(&media.id, false, by("Ada", 30)).unwrap();
    }
    assert_eq!((purge(), site.files()), (2, files), "the third has the same bytes now");
    site.authoring.delete_media(&three.id, false, by("Ada", KEPT)).unwrap();
    assert_eq!(purge(), 0, "it has not lain in the trash for long enough");
    site.authoring.purge_one_media(&three.id, by("Ada", KEPT + 1)).unwrap();
    assert_eq!(site.files(), BTreeSet::new());
}

#[test]
fn what_is_in_use_is_not_deleted_unless_told_to() {
    let site = Site::new();
    let media = site.add("ada.png", &png(1, None));
    let picture = format!("https://cms.example.com/media/resize=width:9/{}", media.id);
    let author = Author { first_name: "Ada".into(), profile_image: picture, ..Author::default() };
    site.authoring.add_author(NewAuthor { author }, by("Ada", 12)).unwrap();
    let refused = site.authoring.delete_media(&media.id, false, by("Ada", 13));
    assert!(matches!(&refused, Err(Error::Shown { uses, total: 1 }) if uses.len() == 1), "{refused:?}");
    let (places, total) = site.authoring.media_places(&media.id, 0, 9).unwrap();
    assert_eq!((places[0].title.as_str(), places[0].labels[0].as_str(), total), ("Ada", "Picture", 1));
    site.authoring.remove_author("ada", by("Ada", 14)).unwrap();
    site.authoring.delete_media(&media.id, false, by("Ada", 15)).unwrap();
}

#[test]
fn folders_nest_without_circles() {
    let site = Site::new();
    let make =
        |parent, name: &str| site.authoring.make_media_folder(NewFolder { parent, name: name.into() }, by("Ada", 1));
    let shop = make(None, "Shop").unwrap();
    let autumn = make(Some(shop.id), "Autumn").unwrap();
    assert!(make(None, " shop\n").is_err() && make(None, "\t").is_err() && make(Some(shop.id), "Shop").is_ok());
    assert!(site.authoring.move_media_folder(shop.id, Some(autumn.id), by("Ada", 2)).is_err());
    assert!(site.authoring.move_media_folder(shop.id, Some(shop.id), by("Ada", 2)).is_err());
    let media = site.add("a.png", &png(1, None));
    let edit = MediaEdit { folder: Some(Some(autumn.id)), focal: Some(Focal::new(0.2, 0.8)), ..MediaEdit::default() };
    site.authoring.edit_media(&media.id, edit, by("Ada", 3)).unwrap();
    site.authoring.rename_media_folder(autumn.id, "Herbst", by("Ada", 4)).unwrap();
    site.authoring.remove_media_folder(shop.id, by("Ada", 5)).unwrap();
    let left = site.authoring.store().read(|read| read.media_folders()).unwrap();
    let names: Vec<_> = left.iter().map(|folder| (folder.name.as_str(), folder.parent, folder.files)).collect();
    assert_eq!(names, [("Herbst", None, 1), ("Shop", None, 0)]);
    site.authoring.remove_media_folder(autumn.id, by("Ada", 6)).unwrap();
    let facts = site.authoring.media_facts(&media.id).unwrap();
    assert_eq!((facts.media.folder, facts.to_json()["focal"].clone()), (None, json!([0.2, 0.8])));
    assert!(
        site.authoring
            .edit_media(&media.id, MediaEdit { folder: Some(Some(shop.id)), ..MediaEdit::default() }, by("Ada", 7))
            .is_err()
    );
}

#[test]
fn files_that_cannot_be_used_leave_nothing_behind() {
    let site = Site::new();
    let whole = png(64, None);
    let mut huge = whole.clone();
    // Width and height stand behind the head's name; the sum behind them is wrong then, as it would be read first.
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let sum = {
        let mut sum = flate2::Crc::new();
        sum.update(&huge[12..29]);
        sum.sum()
    };
    huge[29..33].copy_from_slice(&sum.to_be_bytes());
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    gif.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0".repeat(10_000));
    gif.push(0x3b);
    let laughs = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&b;&a;\">]><svg>&b;</svg>";
    for (name, bytes, said) in [
        ("empty.png", &b""[..], "empty"),
        ("page.jpg", b"<html><script>alert(1)</script></html>", "type"),
        ("cut.png", &whole[..whole.len() - 20], "damaged"),
        ("head.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "damaged"),
        ("huge.png", &huge, "60000 × 60000"),
        ("long.gif", &gif, "too many pictures"),
        ("bomb.svg", laughs.as_bytes(), "drawing"),
        ("odd.svg", b"<svg><g></svg>", "not well-formed"),
    ] {
        let refused = site.authoring.take_in(site.incoming(name, bytes), None, by("Ada", 1));
        assert!(matches!(&refused, Err(Error::Unusable(text)) if text.contains(said)), "{name}: {refused:?}");
        assert_eq!(site.files(), BTreeSet::new(), "{name}");
    }
}

#[test]
fn drawings_are_stored_clean() {
    let site = Site::new();
    let media =
        site.add("x.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"8\" onload=\"x()\"/>");
    let stored = std::fs::read_to_string(site.folder.path().join("media").join(&media.hash)).unwrap();
    assert!(!stored.contains("onload"), "{stored}");
    assert_eq!((media.width, media.height, media.kind.as_str()), (Some(9), Some(8), "image/svg+xml"));
}

#[test]
fn what_was_left_unfinished_is_swept_but_not_what_is_being_written() {
    let site = Site::new();
    let writing = site.authoring.new_media_file().unwrap();
    std::fs::write(site.folder.path().join("media/.tmpLeft"), b"half").unwrap();
    assert_eq!(site.authoring.sweep_media().unwrap(), 1);
    assert!(writing.path().exists());
    assert_eq!(site.authoring.sweep_media().unwrap(), 0);
}

#[test]
fn files_that_nobody_needs_go_after_a_day() {
    let site = Site::new();
    let media = site.add("a.png", &png(1, None));
    let orphan = |name: &str, days: u64| {
        let path = site.folder.path().join("media").join(name.repeat(64));
        std::fs::write(&path, b"x").unwrap();
        let age = std::time::Duration::from_secs(days * 25 * 60 * 60);
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::now() - age).unwrap();
    };
    orphan("a", 1);
    orphan("b", 0);
    let old = std::fs::File::options().write(true).open(site.folder.path().join("media").join(&media.hash)).unwrap();
    old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(site.authoring.remove_orphans(&by("larder", 5)).unwrap(), 1);
    assert_eq!(site.files(), BTreeSet::from([media.hash, "b".repeat(64)]));
}

#[test]
fn what_was_never_looked_at_is_looked_at() {
    let site = Site::new();
    let media = site.add("a.png", &png(3, Some("at home")));
    let bare = MediaRow {
        hash: media.hash.clone(),
        kind: media.kind.clone(),
        ..MediaRow::new("x".repeat(20), Moment::from_micros(4))
    };
    let id = bare.id.clone();
    site.authoring.store().write(move |write| write.put_media(&bare)).unwrap();
    assert_eq!(site.authoring.look_at_media().unwrap(), 1);
    let seen = site.authoring.media_facts(&id).unwrap().media;
    assert_eq!(
        (seen.width, seen.colour, seen.placeholder, seen.served),
        (media.width, media.colour, media.placeholder, media.served)
    );
    assert_eq!(site.authoring.look_at_media().unwrap(), 0);
}
