//! The library's lists against a look at every row, on a real file.

use rusqlite::params_from_iter;
use tempfile::TempDir;

use super::uses::ASKED;
use super::{MediaCounts, MediaOrder, MediaQuery, MediaRow, Shape};
use crate::content::field::media::Medium;
use crate::content::media::FolderId;
use crate::content::moment::Moment;
use crate::store::{Error, Store};

/// How many there are: enough for every combination to hold something.
const MANY: usize = 600;

struct Library {
    _folder: TempDir,
    store: Store,
    rows: Vec<MediaRow>,
}

fn media(number: usize, folders: &[FolderId]) -> MediaRow {
    let kinds = ["image/jpeg", "image/png", "video/mp4", "audio/mpeg", "application/pdf"];
    let sizes = [(Some(40), Some(30)), (Some(30), Some(40)), (Some(100), Some(98)), (None, None)];
    let (width, height) = sizes[number / 5 % 4];
    MediaRow {
        hash: format!("{number:064x}"),
        filename: format!("{} {:03}.jpg", ["Jam", "plum", "Éclair"][number % 3], number * 7 % MANY),
        kind: kinds[number % 5].into(),
        alt: if number.is_multiple_of(4) { " ".into() } else { format!("A jar {number}") },
        width,
        height,
        size: (number * 31 % 97) as u64,
        folder: [None, Some(folders[0]), Some(folders[1])][number / 2 % 3],
        deleted: (number.is_multiple_of(11)).then_some(Moment::from_micros(5)),
        ..MediaRow::new(format!("id{number:018}"), Moment::from_micros((number * 13 % MANY) as i64))
    }
}

fn library() -> Library {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path()).unwrap();
    let rows = store
        .write(|write| {
            let outer = write.add_media_folder(None, "Shop")?;
            let inner = write.add_media_folder(Some(outer), "Autumn")?;
            let mut rows: Vec<MediaRow> = (0..MANY).map(|number| media(number, &[outer, inner])).collect();
            for (number, row) in rows.iter_mut().enumerate() {
                write.put_media(row)?;
                if number.is_multiple_of(6) {
                    write.put_media_tags(&row.id, &["Jelly".into()])?;
                }
                if number.is_multiple_of(3) {
                    let sql = "INSERT INTO media_use VALUES (?, 1, 0, 0, 'body', 3, '')";
                    write.connection.execute(sql, [&row.id]).map_err(Error::from)?;
                    row.uses = 1;
                }
            }
            Ok::<_, Error>(rows)
        })
        .unwrap();
    Library { _folder: folder, store, rows }
}

/// What a query asks for, looked at one by one.
fn fits(query: &MediaQuery, row: &MediaRow) -> bool {
    let number: usize = row.id[2..].parse().unwrap();
    let tagged = number.is_multiple_of(6);
    let text = format!("{} {} {}", row.filename, row.alt, if tagged { "Jelly" } else { "" }).to_lowercase();
    let kind = match row.kind.split('/').next().unwrap() {
        "image" => Medium::Image,
        "video" => Medium::Video,
        "audio" => Medium::Audio,
        _ => Medium::Document,
    };
    let shape = match (row.width, row.height) {
        (Some(40), _) => Some(Shape::Wide),
        (Some(30), _) => Some(Shape::Tall),
        (Some(_), _) => Some(Shape::Square),
        _ => None,
    };
    let bare = kind == Medium::Image && row.alt.trim().is_empty();
    row.deleted.is_none()
        && query.folder.is_none_or(|folder| row.folder == folder || query.below && row.folder.is_some())
        && query.text.to_lowercase().split_whitespace().all(|word| text.contains(word))
        && query.medium.is_none_or(|medium| kind == medium)
        && query.used.is_none_or(|used| (row.uses > 0) == used)
        && query.alt.is_none_or(|alt| kind == Medium::Image && bare != alt)
        && query.shape.is_none_or(|wanted| shape == Some(wanted))
        && query.tag.is_none_or_tagged(tagged)
        && query.from.is_none_or(|from| row.created >= from)
        && query.until.is_none_or(|until| row.created < until)
}

trait Tagged {
    fn is_none_or_tagged(&self, tagged: bool) -> bool;
}

impl Tagged for Option<String> {
    fn is_none_or_tagged(&self, tagged: bool) -> bool {
        self.as_ref().is_none_or(|tag| tagged && tag.eq_ignore_ascii_case("jelly"))
    }
}

fn queries(outer: FolderId) -> Vec<MediaQuery> {
    let plain = MediaQuery::default;
    let mut queries = vec![
        plain(),
        MediaQuery { order: MediaOrder::Name, ..plain() },
        MediaQuery { order: MediaOrder::Size, ..plain() },
        MediaQuery { folder: Some(None), ..plain() },
        MediaQuery { folder: Some(Some(outer)), ..plain() },
        MediaQuery { folder: Some(Some(outer)), below: true, ..plain() },
        MediaQuery { tag: Some("JELLY".into()), ..plain() },
        MediaQuery { from: Some(Moment::from_micros(100)), until: Some(Moment::from_micros(300)), ..plain() },
    ];
    for text in ["jam", "LUM 0", "jar 1 plum", "jelly", "j", "0_", "é", "\"", "%", "nothing at all"] {
        queries.push(MediaQuery { text: text.into(), ..plain() });
    }
    for medium in [Medium::Image, Medium::Video, Medium::Audio, Medium::Document] {
        for used in [None, Some(true), Some(false)] {
            for alt in [None, Some(true), Some(false)] {
                for shape in [None, Some(Shape::Wide), Some(Shape::Tall), Some(Shape::Square)] {
                    queries.push(MediaQuery { medium: Some(medium), used, alt, shape, ..plain() });
                }
            }
        }
    }
    queries
}

#[test]
fn lists_and_counts_are_those_of_a_look_at_every_row() {
    let library = library();
    let outer = library.rows.iter().find_map(|row| row.folder).unwrap();
    let outer = library.rows.iter().filter_map(|row| row.folder).min().unwrap_or(outer);
    for query in queries(outer) {
        let mut expected: Vec<&MediaRow> = library.rows.iter().filter(|row| fits(&query, row)).collect();
        match query.order {
            MediaOrder::Newest => expected.sort_by_key(|row| std::cmp::Reverse((row.created, row.id.clone()))),
            MediaOrder::Name => expected.sort_by_key(|row| (row.filename.to_lowercase(), row.id.clone())),
            MediaOrder::Size => expected.sort_by_key(|row| std::cmp::Reverse((row.size, row.id.clone()))),
        }
        let listed = library.store.read(|read| read.library(&query, 0, MANY)).unwrap();
        assert_eq!(
            listed.iter().map(|row| &row.id).collect::<Vec<_>>(),
            expected.iter().map(|row| &row.id).collect::<Vec<_>>(),
            "{query:?}"
        );
        let page = library.store.read(|read| read.library(&query, 3, 5)).unwrap();
        assert_eq!(
            page.iter().map(|row| &row.id).collect::<Vec<_>>(),
            expected.iter().skip(3).take(5).map(|row| &row.id).collect::<Vec<_>>()
        );
        let counts = library.store.read(|read| read.library_counts(&query)).unwrap();
        let count = |query: MediaQuery| library.rows.iter().filter(|row| fits(&query, row)).count() as u64;
        let q = || query.clone();
        let shape = |shape| count(MediaQuery { shape: Some(shape), ..q() });
        let medium = |medium| count(MediaQuery { medium: Some(medium), ..q() });
        let expected = MediaCounts {
            total: count(q()),
            any_kind: count(MediaQuery { medium: None, ..q() }),
            images: medium(Medium::Image),
            videos: medium(Medium::Video),
            sounds: medium(Medium::Audio),
            documents: medium(Medium::Document),
            used: count(MediaQuery { used: Some(true), ..q() }),
            unused: count(MediaQuery { used: Some(false), ..q() }),
            without_alt: count(MediaQuery { alt: Some(false), ..q() }),
            wide: shape(Shape::Wide),
            tall: shape(Shape::Tall),
            square: shape(Shape::Square),
        };
        assert_eq!(counts, expected, "{query:?}");
    }
}

#[test]
fn no_list_reads_the_rows_themselves() {
    let library = library();
    library
        .store
        .read(|read| {
            for order in ["created DESC, id DESC", "folded, id", "size DESC, id DESC"] {
                for folder in ["1", "folder IS NULL"] {
                    let sql = format!(
                        "EXPLAIN QUERY PLAN SELECT id FROM media WHERE deleted IS NULL AND family = 1 AND bare
                         AND uses = 0 AND shape = 1 AND {folder} ORDER BY {order} LIMIT 50"
                    );
                    let mut statement = read.connection.prepare(&sql).unwrap();
                    let rows = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
                    let plan = rows.collect::<Result<Vec<_>, _>>().unwrap().join("; ");
                    assert!(plan.contains("USING COVERING INDEX"), "{order} {folder}: {plan}");
                }
            }
            let none: [i64; 0] = [];
            let sql = "EXPLAIN QUERY PLAN SELECT total(family = 1 AND bare) FROM media WHERE deleted IS NULL";
            let plan: String = read.connection.query_row(sql, params_from_iter(none), |row| row.get(3)).unwrap();
            assert!(plan.contains("COVERING INDEX"), "{plan}");
            let sql = format!("EXPLAIN QUERY PLAN {ASKED}");
            let plan: String = read.connection.query_row(&sql, ["x"], |row| row.get(3)).unwrap();
            assert!(plan.contains("COVERING INDEX media_use_asked"), "{plan}");
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn words_follow_what_is_described() {
    let library = library();
    let id = &library.rows[1].id;
    let found = |text: &str| {
        let query = MediaQuery { text: text.into(), ..MediaQuery::default() };
        library.store.read(|read| read.library(&query, 0, 9)).unwrap().iter().any(|row| row.id == *id)
    };
    let row = MediaRow { filename: "quince.png".into(), alt: "Golden".into(), ..library.rows[1].clone() };
    let (name, put) = (id.clone(), row.clone());
    library
        .store
        .write(move |write| {
            write.put_media(&put)?;
            write.put_media_tags(&name, &["Zest".into()])
        })
        .unwrap();
    assert!(found("quince") && found("olde") && found("zest golden") && !found("plum"));
    let name = id.clone();
    library.store.write(move |write| write.put_media_tags(&name, &[])).unwrap();
    assert!(!found("zest") && found("quince"));
    let gone = MediaRow { deleted: Some(Moment::from_micros(1)), ..row };
    library.store.write(move |write| write.put_media(&gone)).unwrap();
    assert!(!found("quince"));
}
