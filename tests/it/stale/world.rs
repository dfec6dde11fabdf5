//! A site with everything an answer can depend on, in memory where there is room for files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use larder::authoring::init_site;
use larder::authoring::{
    Authoring, Incoming, NewAuthor, NewItem, NewPage, PostAuthor, PostChange, PostTerm, Sent, Signature, State,
};
use larder::content::definition::Definition;
use larder::content::entry::EntryId;
use larder::content::locale::LocaleId;
use larder::content::moment::Moment;
use larder::content::post::Author;
use larder::content::schema::{Kind, SchemaId};
use larder::delivery::{Answer, Delivery, Query};
use larder::store::Store;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

pub(crate) const URL: &str = "https://cms.example.com";
const START: i64 = 1_800_000_000_000_000;

/// What of the content model changes in the course of a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The recipes' `headline` is called `heading`.
    pub(crate) renamed: bool,
    /// Recipes have a `note`.
    pub(crate) noted: bool,
    /// `de` is called `de-at`.
    pub(crate) austrian: bool,
    /// There is a third locale.
    pub(crate) french: bool,
}

impl Shape {
    pub(crate) fn headline(self) -> &'static str {
        if self.renamed { "heading" } else { "headline" }
    }

    fn german(self) -> &'static str {
        if self.austrian { "de-at" } else { "de" }
    }
}

/// A site that is served by this process.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) store: Arc<Store>,
    pub(crate) delivery: Arc<Delivery>,
    pub(crate) authoring: Arc<Authoring>,
    /// Pictures by id: two that are there from the beginning.
    pub(crate) pictures: Vec<String>,
}

impl World {
    /// A site with the model and the first authors, keeping about `budget` bytes of answers.
    pub(crate) fn new(budget: u64) -> Self {
        let folder = room();
        let store = Arc::new(Store::create(folder.path()).expect("a site"));
        init_site(&store, &at(0)).expect("begun");
        let delivery = Arc::new(Delivery::open(store.clone(), folder.path(), URL, budget).expect("a delivery"));
        let authoring = Arc::new(Authoring::serving(store.clone(), delivery.clone()));
        let mut world = Self { folder, store, delivery, authoring, pictures: Vec::new() };
        world.reshape(&world.authoring, Shape::default(), Shape::default(), at(0));
        for name in ["ada", "bea"] {
            let author = Author { first_name: name.into(), slug: name.into(), ..Author::default() };
            world.authoring.add_author(NewAuthor { author }, at(0)).expect("added");
        }
        for side in [1, 2] {
            let taken = world.authoring.take_in(drawing(&world.authoring, side), None, at(0)).expect("taken in");
            world.pictures.push(taken.facts.media.id);
        }
        world
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Brings the model from one shape into another.
    pub(crate) fn reshape(&self, by: &Authoring, from: Shape, to: Shape, signature: Signature) {
        let definition = Definition::parse(&definition(from, to).to_string()).expect("a definition");
        let plan = by.plan_schema(&definition).expect("a plan");
        by.change_schema(definition, plan.model, true, signature, std::sync::Arc::default()).expect("changed");
    }

    pub(crate) fn schema(&self, kind: Kind, key: &str) -> SchemaId {
        self.authoring.model().expect("a model").find(kind, key).expect("a schema").id
    }

    pub(crate) fn page(&self, page_type: &str, slug: &str, fields: Value, state: State) -> EntryId {
        let page = NewPage {
            schema: self.schema(Kind::PageType, page_type),
            title: format!("The {slug}"),
            slug: slug.into(),
            contents: vec![sent(0, fields)],
            state,
        };
        self.authoring.create_page(page, at(1)).expect("made").id
    }

    pub(crate) fn item(&self, collection: &str, fields: Value, state: State) -> EntryId {
        let contents = vec![sent(0, fields)];
        let item = NewItem { schema: self.schema(Kind::Collection, collection), contents, state };
        self.authoring.create_items(vec![item], at(1)).expect("made")[0].id
    }

    pub(crate) fn post(&self, slug: &str, minute: i64, change: PostChange, state: State) -> EntryId {
        let change = PostChange { slug: Some(slug.into()), ..change };
        self.authoring.create_post(change, LocaleId(0), state, at(minute)).expect("made").id
    }

    /// Asks as the API does, on this thread.
    pub(crate) fn ask(&self, query: &Query) -> Arc<Answer> {
        ask(&self.delivery, query)
    }
}

/// Asks as the API does: what is kept, else what is being built, else builds it.
pub(crate) fn ask(delivery: &Delivery, query: &Query) -> Arc<Answer> {
    if let Some((_, answer)) = delivery.kept(query) {
        return answer;
    }
    let (wait, ticket) = delivery.join(query);
    if let Some(ticket) = ticket {
        delivery.land(ticket);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(wait.answer()).expect("an end").expect("an answer")
}

/// A drawing of so many pixels a side, to be taken in.
pub(crate) fn drawing(by: &Authoring, side: u32) -> Incoming {
    let mut file = by.new_media_file().expect("a file");
    write!(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\"/>").expect("written");
    Incoming::new(file, "jar.svg")
}

/// A folder that goes with its owner.
fn room() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder")
}

/// A change so many minutes after the beginning.
pub(crate) fn at(minute: i64) -> Signature {
    at_second(minute * 60)
}

pub(crate) fn at_second(second: i64) -> Signature {
    Signature::at("t", Moment::from_micros(START + second * 1_000_000))
}

pub(crate) fn sent(locale: i64, fields: Value) -> Sent {
    Sent { locale: LocaleId(locale), fields: fields.as_object().cloned() }
}

/// A post's title, body, author and tags.
pub(crate) fn post_of(title: &str, body: &str, author: &str, tags: &[&str]) -> PostChange {
    let term = |tag: &&str| PostTerm { name: Some((*tag).into()), slug: None };
    let terms: Vec<PostTerm> = tags.iter().map(term).collect();
    PostChange {
        title: Some(title.into()),
        body: Some(body.into()),
        author: Some(PostAuthor { slug: Some(author.into()), email: None }),
        categories: Some(terms.clone()),
        tags: Some(terms),
        ..PostChange::default()
    }
}

fn field(key: &str, kind: &str, options: Value) -> Value {
    let mut field = Map::from_iter([("key".into(), json!(key)), ("type".into(), json!(kind))]);
    field.extend(options.as_object().cloned().unwrap_or_default());
    field.into()
}

fn one(key: &str, to: Value) -> Value {
    field(key, "reference", json!({"to": to}))
}

fn many(key: &str, to: Value) -> Value {
    field(key, "reference", json!({"to": to, "many": true}))
}

fn definition(from: Shape, to: Shape) -> Value {
    let mut headline = field(to.headline(), "short_text", json!({}));
    if from.renamed != to.renamed {
        headline["was"] = json!(from.headline());
    }
    let mut german = json!({"slug": to.german(), "name": "German"});
    if from.austrian != to.austrian {
        german["was"] = json!(from.german());
    }
    let mut locales = vec![json!({"slug": "en", "name": "English"}), german];
    if to.french {
        locales.push(json!({"slug": "fr", "name": "French"}));
    }
    json!({
        "larder_schema": 1,
        "locales": locales,
        "components": components(),
        "page_types": [{"key": "recipe", "fields": recipe(headline, to)}, article()],
        "single_pages": [
            {"key": "about", "fields": [field("story", "long_text", json!({})), one("best", json!({"page_type": "recipe"}))]},
            {"key": "home", "fields": [field("story", "long_text", json!({})), many("jars", json!({"collection": "jars"}))]},
        ],
        "collections": [
            {"key": "jars", "fields": [
                field("name", "short_text", json!({})),
                field("size", "number", json!({})),
                many("makers", json!({"collection": "makers"})),
            ]},
            {"key": "makers", "fields": [field("name", "short_text", json!({})), one("best", json!({"collection": "jars"}))]},
        ],
    })
}

fn components() -> Value {
    json!([
        {"key": "hero", "fields": [field("title", "short_text", json!({})), one("jar", json!({"collection": "jars"}))]},
        {"key": "quote", "fields": [field("text", "long_text", json!({})), one("page", json!({"page_type": "article"}))]},
    ])
}

fn recipe(headline: Value, shape: Shape) -> Vec<Value> {
    let steps = [field("text", "short_text", json!({})), one("jar", json!({"collection": "jars"}))];
    let mut fields = vec![
        headline,
        field("stars", "number", json!({})),
        field("vegan", "checkbox", json!({})),
        field("method", "wysiwyg", json!({})),
        field("picture", "media", json!({})),
        one("jar", json!({"collection": "jars"})),
        many("jars", json!({"collection": "jars"})),
        one("next", json!({"page_type": "recipe"})),
        field("hero", "component", json!({"component": "hero"})),
        field("blocks", "component_picker", json!({})),
        field("steps", "repeater", json!({"fields": steps})),
    ];
    if shape.noted {
        fields.push(field("note", "short_text", json!({})));
    }
    fields
}

fn article() -> Value {
    json!({"key": "article", "fields": [
        field("headline", "short_text", json!({})),
        one("main", json!({"page_type": "recipe"})),
        many("singles", json!({"page_type": "*"})),
    ]})
}
