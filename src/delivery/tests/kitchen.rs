//! A small site to ask, and the questions asked most.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::content::definition::{BLOG, Definition};
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Variant, View};
use crate::content::field::from_archive;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::post::{Author, Filing, Term};
use crate::content::schema::{Kind, SchemaId};
use crate::delivery::{Answer, Delivery, Look, OnePage, OnePost, PageList, Paging, PostList, Query};
use crate::store::{Error, MediaRow, Store};

pub(super) const URL: &str = "https://cms.example.com";

/// A site with a page type that links to items and to itself, and a blog.
pub(super) struct Kitchen {
    pub(super) store: Arc<Store>,
    pub(super) delivery: Delivery,
    _folder: tempfile::TempDir,
}

fn at(minute: i64) -> Moment {
    Moment::from_micros(1_700_000_000_000_000 + minute * 60_000_000)
}

impl Kitchen {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(Store::create(folder.path()).expect("a site"));
        let definition = json!({
            "larder_schema": 1,
            "page_types": [{"key": "recipe", "fields": [
                {"key": "headline", "type": "short_text"},
                {"key": "method", "type": "wysiwyg"},
                {"key": "picture", "type": "media"},
                {"key": "jar", "type": "reference", "to": {"collection": "jars"}},
                {"key": "next", "type": "reference", "to": {"page_type": "recipe"}},
            ]}],
            "single_pages": [{"key": "about", "fields": [{"key": "story", "type": "long_text"}]}],
            "collections": [
                {"key": "jars", "fields": [
                    {"key": "name", "type": "short_text"},
                    {"key": "makers", "type": "reference", "to": {"collection": "makers"}, "many": true},
                ]},
                {"key": "makers", "fields": [{"key": "name", "type": "short_text"}]},
            ],
        });
        store
            .write(move |write| {
                let mut ids = write.stored_model()?.ids;
                let definition = Definition::parse(&definition.to_string()).expect("a definition");
                let model = definition.to_model(&mut ids).expect("a model");
                write.put_model(model, &ids)?;
                write.put_site_created(at(0))?;
                write.add_author(&Author { first_name: "Ada".into(), slug: "ada".into(), ..Author::default() })?;
                write.add_term(Filing::Tag, &Term { id: 0, name: "Fruit".into(), slug: "fruit".into() })?;
                write.put_media(&media("plum1", "A plum"))
            })
            .expect("written");
        let delivery = Delivery::open(store.clone(), folder.path(), URL, 1 << 20).expect("a delivery");
        Self { store, delivery, _folder: folder }
    }

    /// Adds an entry with its fields as archives spell them.
    pub(super) fn add(
        &self,
        kind: Kind,
        key: &str,
        slug: Option<&str>,
        minute: i64,
        live: bool,
        fields: Value,
    ) -> EntryId {
        let (key, slug) = (key.to_owned(), slug.map(str::to_owned));
        let done = self.store.write(move |write| {
            let model = write.model().clone();
            let schema = if kind == Kind::Post { model.schema(BLOG) } else { model.find(kind, &key) };
            let schema = schema.expect("a schema");
            let fields = if kind == Kind::Post { fields } else { from_archive(&schema.fields, &fields, &model) };
            let mut entry = new_entry(schema.id, slug.clone(), at(minute));
            entry.id = write.add_entry(&entry)?;
            let name = slug.clone().unwrap_or_default();
            let revision = write.add_revision(&new_revision(entry.id, slug, name, fields, at(minute)))?;
            let variant = Variant {
                entry: entry.id,
                locale: LocaleId(0),
                live: live.then_some(revision),
                draft: (!live).then_some(revision),
                published: live.then_some(at(minute)),
                updated: at(minute),
                scheduled: None,
                along: false,
                unpublish: None,
                send_to: None,
            };
            write.put_variant(&entry, &variant)?;
            Ok::<_, Error>(entry.id)
        });
        done.expect("written")
    }

    pub(super) fn page(&self, slug: &str, minute: i64, live: bool, fields: Value) -> EntryId {
        self.add(Kind::PageType, "recipe", Some(slug), minute, live, fields)
    }

    pub(super) fn item(&self, key: &str, fields: Value) -> EntryId {
        self.add(Kind::Collection, key, None, 1, true, fields)
    }

    pub(super) fn post(&self, slug: &str, minute: i64, live: bool) -> EntryId {
        let fields = json!({"title": slug, "body": "<img src=\"/media/plum1\">", "author": 1, "tags": [1],
            "featured_image": {"url": "/media/plum1"}});
        self.add(Kind::Post, "", Some(slug), minute, live, fields)
    }

    pub(super) fn ask(&self, query: &Query) -> Answer {
        self.delivery.answer(query).expect("an answer")
    }

    pub(super) fn read(&self, query: &Query) -> Value {
        let answer = self.ask(query);
        assert_eq!(answer.status, 200, "{:?}", answer.body());
        serde_json::from_slice(answer.body()).expect("JSON")
    }
}

fn new_entry(schema: SchemaId, slug: Option<String>, created: Moment) -> Entry {
    let id = EntryId(0);
    Entry {
        id,
        schema,
        slug,
        draft_slug: None,
        created,
        position: 0,
        deleted: None,
        deleted_by: None,
        archived: None,
        group: None,
        creator: None,
    }
}

fn new_revision(entry: EntryId, slug: Option<String>, name: String, fields: Value, at: Moment) -> Revision {
    let (by, why) = ("Ada".into(), "created".into());
    Revision {
        id: RevisionId(0),
        entry,
        locale: LocaleId(0),
        name,
        slug,
        fields,
        at,
        by,
        why,
        kind: Origin::Edit,
        named: None,
    }
}

fn media(id: &str, alt: &str) -> MediaRow {
    MediaRow {
        hash: "ab".into(),
        filename: "a.jpg".into(),
        kind: "image/jpeg".into(),
        alt: alt.into(),
        size: 1,
        ..MediaRow::new(id.into(), at(0))
    }
}

pub(super) fn look(levels: u8) -> Look {
    Look { view: View::Live, locale: None, levels, alt: false }
}

pub(super) fn one_page(page_type: &str, slug: &str, look: Look) -> Query {
    Query::Page(OnePage { page_type: page_type.into(), slug: slug.into(), look })
}

pub(super) fn one_post(slug: &str) -> Query {
    Query::Post(OnePost { slug: slug.into(), view: View::Live, locale: None })
}

pub(super) fn recipes(filters: &[(&str, &str)]) -> Query {
    let filters = filters.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    Query::Pages(PageList {
        page_type: "recipe".into(),
        paging: Paging::default(),
        filters,
        order: None,
        look: look(2),
    })
}

pub(super) fn posts() -> PostList {
    PostList {
        paging: Paging::default(),
        exclude_body: false,
        author: None,
        category: None,
        tag: None,
        view: View::Live,
        locale: None,
    }
}
