//! Precisely: what each change touches, and which answers are built anew for it. Nothing else may be.
//!
//! `LARDER_BLESS=1` writes what happens now into the golden file, to be reviewed like code.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use larder::authoring::{Address, Beside, Change, MediaEdit, Signature, State, Wish};
use larder::content::entry::{EntryId, View};
use larder::content::key::Key;
use larder::content::locale::LocaleId;
use larder::content::media::Focal;
use larder::content::post::{Author, Filing, Term};
use larder::content::redirect::{Host, Rule};
use larder::delivery::{
    Feed, FeedKind, ItemList, Look, OnePage, OnePost, PageList, PageSearch, Paging, PostList, PostSearch, Query, Recent,
};
use larder::store::Error;
use serde_json::{Value, json};

use crate::stale::world::{World, at, drawing, post_of, sent};

const GOLDEN: &str = "tests/golden/precision.txt";

/// What was made before anything changes.
struct Made {
    jar: EntryId,
    other_jar: EntryId,
    maker: EntryId,
    cake: EntryId,
    tart: EntryId,
    article: EntryId,
    jam: EntryId,
    curd: EntryId,
}

/// A site, and what readers have asked of it.
struct Precise {
    world: World,
    made: Made,
    asked: Vec<(&'static str, Query)>,
    seen: i64,
    account: String,
    /// What chance has named, with what it is called in the account.
    called: Vec<(String, &'static str)>,
}

#[test]
fn each_change_touches_what_it_must_and_nothing_else() {
    let mut precise = Precise::new();
    posts(&mut precise);
    filing(&mut precise);
    pages(&mut precise);
    items(&mut precise);
    put_aside(&mut precise);
    library(&mut precise);
    whole_site(&mut precise);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os("LARDER_BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().expect("a folder")).expect("made");
        std::fs::write(&golden, &precise.account).expect("written");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(precise.account == expected, "{GOLDEN} says otherwise (LARDER_BLESS=1 rewrites it):\n{}", precise.account);
}

fn posts(precise: &mut Precise) {
    let Made { jam, curd, .. } = precise.made;
    precise.when("a post's body is edited", |world, at| {
        let change = larder::authoring::PostChange { body: Some("<p>New.</p>".into()), ..Default::default() };
        world.authoring.change_post(jam, change, None, State::Keep, false, at).expect("changed");
    });
    precise.when("a draft of a post is saved and made again", |world, at| {
        world.post("draft", 20, post_of("Draft", "<p>Not yet.</p>", "ada", &["plum"]), State::Draft);
        let draft = world.authoring.find_post("draft").expect("there");
        let change = larder::authoring::PostChange { title: Some("Drafted".into()), ..Default::default() };
        world.authoring.change_post(draft, change, None, State::Keep, false, at).expect("changed");
    });
    precise.when("that draft is published as the newest post", |world, at| {
        let draft = world.authoring.find_post("draft").expect("there");
        world.authoring.publish(draft, LocaleId(0), at).expect("published");
    });
    precise.when("a post changes its slug", |world, at| {
        let change = larder::authoring::PostChange { slug: Some("lemon-curd".into()), ..Default::default() };
        world.authoring.change_post(curd, change, None, State::Keep, false, at).expect("changed");
    });
    precise.when("a post is translated as a draft", |world, at| {
        let change = larder::authoring::PostChange { slug: Some("marmelade".into()), ..Default::default() };
        world.authoring.change_post(jam, change, Some(LocaleId(1)), State::Draft, false, at).expect("changed");
    });
    precise.when("the translation is published", |world, at| {
        let post = world.authoring.find_post("marmelade").expect("there");
        world.authoring.publish(post, LocaleId(1), at).expect("published");
    });
    precise.when("a post is taken off", |world, at| {
        world.authoring.unpublish(curd, LocaleId(0), at).expect("taken off");
    });
}

fn filing(precise: &mut Precise) {
    precise.when("an author is renamed", |world, at| {
        let edit = |author: &mut Author| author.last_name = "Orchard".into();
        world.authoring.change_author("ada", edit, at).expect("changed");
    });
    precise.when("an author who has written nothing is renamed", |world, at| {
        let edit = |author: &mut Author| author.last_name = "Baker".into();
        world.authoring.change_author("bea", edit, at).expect("changed");
    });
    precise.when("a tag is renamed", |world, at| {
        let edit = |term: &mut Term| term.name = "Plums".into();
        world.authoring.change_term(Filing::Tag, "plum", edit, at).expect("changed");
    });
}

fn pages(precise: &mut Precise) {
    let Made { cake, tart, article, other_jar, .. } = precise.made;
    precise.when("a field that no list looks at is edited", |world, at| {
        change(world, cake, json!({"method": "<p>Stir.</p>"}), State::Keep, at);
    });
    precise.when("a field that a list is ordered by is edited", |world, at| {
        change(world, cake, json!({"stars": 5}), State::Keep, at);
    });
    precise.when("a draft of a live page is saved", |world, at| {
        change(world, cake, json!({"stars": 1, "headline": "Cake to be"}), State::Draft, at);
    });
    precise.when("that draft is published", |world, at| {
        world.authoring.publish(cake, LocaleId(0), at).expect("published");
    });
    precise.when("a draft of a new page is saved", |world, at| {
        let fields = sent(0, json!({"headline": "Pie"}));
        let schema = world.schema(larder::content::schema::Kind::PageType, "recipe");
        let (title, slug, contents, state) = ("Pie".into(), "pie".into(), vec![fields], State::Draft);
        let page = larder::authoring::NewPage { schema, title, slug, contents, state };
        world.authoring.create_page(page, at).expect("made");
    });
    precise.when("it is published", |world, at| {
        let pie = world.authoring.find_page("recipe", "pie").expect("there");
        world.authoring.publish(pie, LocaleId(0), at).expect("published");
    });
    precise.when("a page changes its slug", |world, at| {
        let change = Change {
            name: None,
            slug: Some("torte".into()),
            contents: vec![sent(0, json!({}))],
            state: State::Keep,
            replace: false,
        };
        world.authoring.change(tart, change, at).expect("changed");
    });
    precise.when("a reference leads elsewhere", |world, at| {
        change(world, cake, json!({"jar": other_jar}), State::Keep, at);
    });
    precise.when("a reference is removed", |world, at| change(world, article, json!({"main": null}), State::Keep, at));
    precise.when("a page is written in another locale", |world, at| {
        let fields = sent(1, json!({"headline": "Kuchen"}));
        let change = Change { name: None, slug: None, contents: vec![fields], state: State::Published, replace: false };
        world.authoring.change(cake, change, at).expect("changed");
    });
    precise.when("a page is deleted", |world, at| world.authoring.delete(tart, true, at).expect("deleted"));
    precise.when("it is brought back", |world, at| {
        world.authoring.undelete(tart, at).expect("there again");
    });
}

fn items(precise: &mut Precise) {
    let Made { jar, other_jar, maker, .. } = precise.made;
    precise.when("an item's name is edited", |world, at| {
        change(world, maker, json!({"name": "Orla Quince"}), State::Keep, at);
    });
    precise.when("the order of an item's links is turned round", |world, at| {
        change(world, jar, json!({"makers": []}), State::Keep, at);
    });
    precise.when("an item is deleted", |world, at| world.authoring.delete(other_jar, true, at).expect("deleted"));
    precise.when("an item is set to be published later", |world, at| {
        let later = crate::stale::world::at(500).at;
        let jar = world.item("jars", json!({"name": "Later"}), State::Draft);
        world.authoring.schedule_publish(jar, LocaleId(0), Some(later), at).expect("set");
    });
    precise.when("its time has come", |world, _| {
        world.authoring.run_schedule(crate::stale::world::at(501).at).expect("run");
    });
}

fn put_aside(precise: &mut Precise) {
    let Made { jar, maker, tart, .. } = precise.made;
    precise.when("a page is archived", |world, at| {
        world.authoring.archive(tart, at).expect("archived");
    });
    precise.when("it is taken out of the archive, as a draft", |world, at| {
        world.authoring.unarchive(tart, at).expect("there again");
    });
    precise.when("a draft is archived", |world, at| {
        world.authoring.archive(tart, at).expect("archived");
    });
    precise.when("an item is published", |world, _| {
        world.item("jars", json!({"name": "Last"}), State::Published);
    });
    precise.when("an item is moved behind it", |world, at| {
        world.authoring.move_item(jar, Beside::Down, at).expect("moved");
    });
    precise.when("an item that stands first is moved to the beginning", |world, at| {
        world.authoring.move_item(maker, Beside::First, at).expect("nothing to do");
    });
}

/// A picture that a post names, an author shows and a recipe shows with its own alternative text.
fn library(precise: &mut Precise) {
    let (cake, jam) = (precise.made.cake, precise.made.jam);
    let world = &precise.world;
    let id = world.pictures[0].clone();
    let url = format!("/media/resize=width:9/{id}");
    let body = format!("<p><img src=\"{url}\" alt=\"\"></p>");
    let picture_of = larder::authoring::PostChange { body: Some(body), ..Default::default() };
    world.authoring.change_post(jam, picture_of, None, State::Keep, false, at(91)).expect("changed");
    change(world, cake, json!({"method": format!("<img src=\"{url}\">"), "picture": url}), State::Keep, at(92));
    let edit = move |author: &mut Author| author.profile_image = url;
    world.authoring.change_author("bea", edit, at(93)).expect("changed");
    precise.seen = precise.newest();
    precise.called.push((id.clone(), "ID"));
    precise.when("a picture's alternative text is edited", |world, at| {
        let edit = MediaEdit { alt: Some("A jar".into()), ..MediaEdit::default() };
        world.authoring.edit_media(&id, edit, at).expect("edited");
    });
    precise.when("a picture is tagged and laid into a folder", |world, at| {
        let folder = world.authoring.media_folder_at("Shop", at.clone()).expect("a folder");
        let edit = MediaEdit { folder: Some(folder), tags: Some(vec!["jam".into()]), ..MediaEdit::default() };
        world.authoring.edit_media(&id, edit, at).expect("edited");
    });
    precise.when("its focal point is moved", |world, at| {
        let edit = MediaEdit { focal: Some(Focal::new(0.5, 0.1)), ..MediaEdit::default() };
        world.authoring.edit_media(&id, edit, at).expect("edited");
    });
    precise.when("a picture is replaced", |world, at| {
        world.authoring.replace_media(&id, drawing(&world.authoring, 3), at).expect("replaced");
    });
    precise.when("a picture is deleted", |world, at| {
        world.authoring.delete_media(&id, true, at).expect("deleted");
    });
    precise.when("it is brought back to the library", |world, at| {
        world.authoring.undelete_media(&id, at).expect("there again");
    });
}

fn whole_site(precise: &mut Precise) {
    precise.when("a setting is changed", |world, at| {
        world.authoring.change_setting("blog_title", Some(json!("News")), at).expect("set");
    });
    precise.when("a redirect is set, and follows a page that moves", |world, at| {
        let rule = Rule::parse("/old", "/cake", "").expect("a rule");
        world.authoring.put_redirect(None, rule, at.clone()).expect("put");
        // Of an entry that is there no more.
        let gone = Address { locale: LocaleId(0), path: "/cake".into(), asked: "/cake".into() };
        let to = Wish::To("/torte".into());
        let said = world.authoring.follow_visitors(vec![gone], EntryId(i64::MAX), to, at).expect("followed");
        assert_eq!(said, ["Visitors of /cake are sent to /torte."]);
    });
    precise.when("the model is changed", |world, at| {
        let from = crate::stale::world::Shape::default();
        let to = crate::stale::world::Shape { noted: true, ..from };
        world.reshape(&world.authoring, from, to, at);
    });
}

fn change(world: &World, id: EntryId, fields: Value, state: State, at: Signature) {
    let change = Change { name: None, slug: None, contents: vec![sent(0, fields)], state, replace: false };
    world.authoring.change(id, change, at).expect("changed");
}

impl Precise {
    fn new() -> Self {
        let world = World::new(16 << 20);
        let maker = world.item("makers", json!({"name": "Orla"}), State::Published);
        let jar = world.item("jars", json!({"name": "Plum", "size": 1, "makers": [maker]}), State::Published);
        let other_jar = world.item("jars", json!({"name": "Pear", "size": 2}), State::Published);
        let recipe = |slug: &str, fields: Value| world.page("recipe", slug, fields, State::Published);
        let cake = recipe("cake", json!({"headline": "Cake", "stars": 3, "vegan": true, "jar": jar}));
        let tart = recipe("tart", json!({"headline": "Tart", "stars": 4, "vegan": false, "next": cake}));
        let article = world.page("article", "baking", json!({"headline": "Baking", "main": tart}), State::Published);
        let post = |slug: &str, minute, tags: &[&str]| {
            world.post(slug, minute, post_of(slug, "<p>Text.</p>", "ada", tags), State::Published)
        };
        let (jam, curd) = (post("jam", 2, &["plum"]), post("curd", 3, &["pear"]));
        let made = Made { jar, other_jar, maker, cake, tart, article, jam, curd };
        let mut precise = Self { world, made, asked: asked(), seen: 0, account: String::new(), called: Vec::new() };
        precise.seen = precise.newest();
        precise
    }

    fn newest(&self) -> i64 {
        self.world.store.read(|read| read.newest_change()).map_err(|error: Error| error).expect("a number")
    }

    /// Makes a change and writes down what came of it.
    fn when(&mut self, what: &str, change: impl FnOnce(&World, Signature)) {
        let before: Vec<_> = self.asked.iter().map(|(_, query)| self.world.ask(query)).collect();
        let minute = 100 + self.account.lines().count() as i64;
        change(&self.world, at(minute));
        let keys: BTreeSet<Key> = self.touched();
        let mut touched = words(keys.iter().map(Key::to_string));
        for (name, word) in &self.called {
            touched = touched.replace(name, word);
        }
        let _ = writeln!(self.account, "When {what}\n    touched  {touched}");
        let (mut other, mut same) = (Vec::new(), Vec::new());
        for ((name, query), before) in self.asked.iter().zip(&before) {
            let Some((_, now)) = self.world.delivery.kept(query) else {
                panic!("{name} is no longer kept when {what}");
            };
            if std::sync::Arc::ptr_eq(&now, before) {
                continue;
            }
            if now.body() == before.body() { same.push(*name) } else { other.push(*name) }
        }
        let _ = writeln!(self.account, "    changed  {}", words(other.iter().map(ToString::to_string)));
        if !same.is_empty() {
            let _ = writeln!(self.account, "    rebuilt  {}", words(same.iter().map(ToString::to_string)));
        }
        self.account.push('\n');
    }

    fn touched(&mut self) -> BTreeSet<Key> {
        let changes = self.world.store.read(|read| read.changes_after(self.seen));
        let changes = changes.map_err(|error: Error| error).expect("changes");
        self.seen = self.newest();
        changes.into_iter().flat_map(|change| change.keys).collect()
    }
}

fn words(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { "nothing".into() } else { words.join(", ") }
}

fn look() -> Look {
    Look { view: View::Live, locale: None, levels: 2, alt: false }
}

fn asked() -> Vec<(&'static str, Query)> {
    let paging = Paging::default();
    let page = |page_type: &str, slug: &str| {
        Query::Page(OnePage { page_type: page_type.into(), slug: slug.into(), look: look() })
    };
    let recipes = |filters: &[(&str, &str)], order: Option<&str>| {
        let filters = filters.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        let order = order.map(str::to_owned);
        Query::Pages(PageList { page_type: "recipe".into(), paging, filters, order, look: look() })
    };
    let items = |key: &str| {
        Query::Collection(ItemList { key: key.into(), paging, filters: Vec::new(), order: None, look: look() })
    };
    let post = |slug: &str, locale: Option<&str>| {
        Query::Post(OnePost { slug: slug.into(), view: View::Live, locale: locale.map(str::to_owned) })
    };
    let posts = |tag: Option<&str>| {
        Query::Posts(PostList {
            paging,
            exclude_body: false,
            author: None,
            category: None,
            tag: tag.map(str::to_owned),
            view: View::Live,
            locale: None,
        })
    };
    let recent = |included| Recent { included, locale: None };
    let words = |words: &str| PageSearch { words: words.into(), page_type: None, paging, look: look() };
    let post_words = PostSearch { words: "jam".into(), paging, exclude_body: false, locale: None };
    vec![
        ("redirects", Query::Redirects(paging)),
        ("redirects for a host", Query::RedirectFeed(Host::Netlify)),
        ("posts", posts(None)),
        ("posts of plum", posts(Some("plum"))),
        ("post jam", post("jam", None)),
        ("post jam in de", post("jam", Some("de"))),
        ("post curd", post("curd", None)),
        ("post lemon-curd", post("lemon-curd", None)),
        ("posts with `jam`", Query::PostSearch(post_words)),
        ("rss", Query::Feed(Feed { kind: FeedKind::Rss, category: None, tag: None, locale: None })),
        ("authors", Query::Authors(recent(false))),
        ("author ada", Query::Author("ada".into(), recent(false))),
        ("author ada with posts", Query::Author("ada".into(), recent(true))),
        ("author bea", Query::Author("bea".into(), recent(true))),
        ("tags", Query::Terms(Filing::Tag, recent(false))),
        ("tag plum", Query::Term(Filing::Tag, "plum".into(), recent(false))),
        ("category pear", Query::Term(Filing::Category, "pear".into(), recent(false))),
        (
            "recipe cake with alternative texts",
            Query::Page(OnePage {
                page_type: "recipe".into(),
                slug: "cake".into(),
                look: Look { alt: true, ..look() },
            }),
        ),
        ("recipes", recipes(&[], None)),
        ("recipes by stars", recipes(&[], Some("-stars"))),
        ("recipes by headline", recipes(&[], Some("headline"))),
        ("vegan recipes", recipes(&[("vegan", "true")], Some("headline"))),
        ("recipes with Plum", recipes(&[("jar.name", "Plum")], Some("headline"))),
        ("recipes of Orla", recipes(&[("jar.makers.name", "Orla")], Some("headline"))),
        ("cake", page("recipe", "cake")),
        ("tart", page("recipe", "tart")),
        ("torte", page("recipe", "torte")),
        ("any pie", page("*", "pie")),
        ("baking", page("article", "baking")),
        ("pages with `cake`", Query::PageSearch(words("cake"))),
        ("jars", items("jars")),
        ("makers", items("makers")),
    ]
}
