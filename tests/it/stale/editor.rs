//! Somebody who changes everything that can be changed, at random.

use std::sync::Arc;

use larder::authoring::{
    Act, Authoring, Beside, Change, Error, MediaEdit, NewAuthor, NewItem, NewPage, PostAuthor, PostChange, Signature,
    State, Wish,
};
use larder::content::entry::EntryId;
use larder::content::locale::LocaleId;
use larder::content::moment::Moment;
use larder::content::post::{Author, Filing};
use larder::content::redirect::{Rule, read};
use larder::content::schema::Kind;
use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::world::{Shape, World, at_second, drawing, post_of, sent};

const WORDS: [&str; 5] = ["plum", "pear", "quince", "Plum", "pea"];
const STATES: [State; 4] = [State::Keep, State::Draft, State::Published, State::Unpublished];
/// How many entries of a kind are there at most.
const MOST: usize = 8;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Recipe,
    Article,
    Single,
    Jar,
    Maker,
    Post,
}

/// The editor, who knows what there is.
pub(crate) struct Editor {
    pub(crate) chance: Chance,
    /// The moment, in seconds since the beginning.
    now: i64,
    shape: Shape,
    there: Vec<(What, EntryId)>,
    deleted: Vec<(What, EntryId)>,
    pictures: Vec<String>,
    /// What was done, newest last.
    pub(crate) done: Vec<String>,
}

type Outcome = Result<(), Error>;

impl Editor {
    pub(crate) fn new(world: &World, seed: u64) -> Self {
        let mut editor = Self {
            chance: Chance::of(seed),
            now: 100,
            shape: Shape::default(),
            there: Vec::new(),
            deleted: Vec::new(),
            pictures: world.pictures.clone(),
            done: Vec::new(),
        };
        for key in ["about", "home"] {
            editor.there.push((What::Single, world.authoring.find_page("*", key).expect("a single page")));
        }
        for what in
            [What::Jar, What::Maker, What::Jar, What::Maker, What::Recipe, What::Recipe, What::Post, What::Article]
        {
            let _ = editor.create(world, &world.authoring, what);
        }
        editor
    }

    /// The items made first.
    pub(crate) fn items(&self) -> Vec<EntryId> {
        let item = |what: &What| matches!(what, What::Jar | What::Maker);
        self.there.iter().filter(|(what, _)| item(what)).map(|(_, id)| *id).collect()
    }

    /// Does one thing. What the rules refuse is a step too.
    pub(crate) fn step(&mut self, world: &World, by: &Arc<Authoring>) {
        if self.chance.once_in(3) {
            self.now += self.chance.below(4) as i64;
        }
        let outcome = match self.chance.below(121) {
            0..6 => {
                let what =
                    *self.chance.one(&[What::Recipe, What::Article, What::Jar, What::Maker, What::Post, What::Post]);
                self.create(world, by, what)
            }
            6..50 => self.change(by),
            50..58 => self.publish(by),
            58..64 => self.unpublish(by),
            64..71 => self.schedule(by),
            71..76 => self.run_schedule(by),
            76..80 => self.delete(by),
            80..84 => self.undelete(by),
            84..88 => self.restore(world, by),
            88..92 => self.change_author(by),
            92..96 => self.change_term(by),
            96..98 => self.set(by),
            98 => self.add_or_remove_author(by),
            99..103 => self.archive(by),
            103..105 => self.act(by),
            105..109 => self.move_item(by),
            109 => self.purge(by),
            110..113 => self.redirect(by),
            113..115 => self.reshape(world, by),
            _ => self.media(world, by),
        };
        if let Err(error) = outcome {
            assert!(!matches!(error, Error::Store(_)), "{error:?} after {:?}", self.done.last());
            self.note(format!("  was refused: {error}"));
        }
    }

    fn redirect(&mut self, by: &Authoring) -> Outcome {
        let (from, to) = (format!("/{}", self.chance.one(&WORDS)), format!("/{}", self.chance.one(&WORDS)));
        let status = (*self.chance.one(&["301", "302", "308", "410"])).to_owned();
        self.note(format!("redirect {from} {to} {status}"));
        let signature = self.signature();
        match self.chance.below(4) {
            0 => by.remove_redirect(&from, signature).map(drop),
            1 => by.bring_redirects(read(&format!("{from} {to}\n{to} /{status}\n")), signature).map(drop),
            _ => {
                let rule = Rule::parse(&from, &to, &status).expect("a rule");
                by.put_redirect(None, rule, signature).map(drop)
            }
        }
    }

    fn note(&mut self, what: String) {
        self.done.push(format!("{:>6} s  {what}", self.now));
    }

    fn signature(&self) -> Signature {
        at_second(self.now)
    }

    fn locale(&mut self) -> LocaleId {
        LocaleId(*self.chance.one(&[0, 0, 0, 1, 1, if self.shape.french { 2 } else { 0 }]))
    }

    /// An entry, of this kind if it is given.
    fn entry(&mut self, wanted: Option<What>) -> Option<(What, EntryId)> {
        let fits: Vec<_> =
            self.there.iter().filter(|(what, _)| wanted.is_none_or(|wanted| wanted == *what)).copied().collect();
        if fits.is_empty() { None } else { Some(*self.chance.one(&fits)) }
    }

    fn create(&mut self, world: &World, by: &Authoring, what: What) -> Outcome {
        if self.there.iter().filter(|(other, _)| *other == what).count() >= MOST {
            return Ok(());
        }
        let state = *self.chance.one(&[State::Published, State::Published, State::Draft]);
        let slug = self.slug(what);
        self.note(format!("create {what:?} {slug} {state:?}"));
        let id = match what {
            What::Post => {
                let change = PostChange { slug: Some(slug), ..self.post() };
                by.create_post(change, LocaleId(0), state, self.signature())?.id
            }
            What::Jar | What::Maker => {
                let key = if what == What::Jar { "jars" } else { "makers" };
                let contents = vec![sent(0, self.fields(what))];
                let item = NewItem { schema: world.schema(Kind::Collection, key), contents, state };
                by.create_items(vec![item], self.signature())?[0].id
            }
            _ => {
                let key = if what == What::Recipe { "recipe" } else { "article" };
                let schema = world.schema(Kind::PageType, key);
                let contents = vec![sent(0, self.fields(what))];
                by.create_page(NewPage { schema, title: self.word(), slug, contents, state }, self.signature())?.id
            }
        };
        self.there.push((what, id));
        Ok(())
    }

    fn picture(&mut self) -> String {
        self.chance.one(&self.pictures).clone()
    }

    /// Does something to a picture.
    fn media(&mut self, world: &World, by: &Authoring) -> Outcome {
        let id = self.chance.one(&world.pictures).clone();
        let (choice, word, side) = (self.chance.below(8), self.word(), 1 + self.chance.below(9) as u32);
        self.note(format!("picture {choice} {word} {side}"));
        match choice {
            0..4 => {
                by.edit_media(&id, MediaEdit { alt: Some(word), ..MediaEdit::default() }, self.signature()).map(drop)
            }
            4 => by.edit_media(&id, MediaEdit { name: Some(word), ..MediaEdit::default() }, self.signature()).map(drop),
            5 => by.replace_media(&id, drawing(by, side), self.signature()).map(drop),
            6 => by.delete_media(&id, true, self.signature()),
            _ => by.undelete_media(&id, self.signature()).map(drop),
        }
    }

    fn word(&mut self) -> String {
        (*self.chance.one(&WORDS)).to_owned()
    }

    fn slug(&mut self, what: What) -> String {
        format!("{}{}", if what == What::Post { "p" } else { "r" }, self.chance.below(6))
    }

    fn link(&mut self, what: What) -> Value {
        if self.chance.once_in(5) {
            return Value::Null;
        }
        self.entry(Some(what)).map_or(Value::Null, |(_, id)| json!(id))
    }

    fn links(&mut self, what: What) -> Value {
        let ids: Vec<EntryId> = self.there.iter().filter(|(other, _)| *other == what).map(|(_, id)| *id).collect();
        let count = self.chance.below(4);
        json!(self.chance.some(&ids, count))
    }

    /// Some of the fields of an entry with new values.
    fn fields(&mut self, what: What) -> Value {
        let mut fields = Map::new();
        for key in keys(what, self.shape) {
            if self.chance.once_in(2) {
                let value = self.value(what, key);
                fields.insert(key.into(), value);
            }
        }
        fields.into()
    }

    fn value(&mut self, what: What, key: &str) -> Value {
        match (what, key) {
            (_, "stars" | "size") => json!(self.chance.below(4)),
            (_, "picture") => json!(format!("/media/{}", self.picture())),
            (_, "vegan") => json!(self.chance.once_in(2)),
            (_, "jar") | (What::Maker, "best") => self.link(What::Jar),
            (_, "jars") => self.links(What::Jar),
            (_, "makers") => self.links(What::Maker),
            (_, "next" | "main" | "best") => self.link(What::Recipe),
            (_, "singles") => self.links(What::Single),
            (_, "hero") => json!({"title": self.word(), "jar": self.link(What::Jar)}),
            (_, "blocks") => {
                let hero = json!({"hero": {"title": self.word(), "jar": self.link(What::Jar)}});
                let quote = json!({"quote": {"text": self.word(), "page": self.link(What::Article)}});
                let count = self.chance.below(3);
                json!(self.chance.some(&[hero, quote], count))
            }
            (_, "steps") => {
                let steps: Vec<Value> = (0..self.chance.below(3))
                    .map(|_| json!({"text": self.word(), "jar": self.link(What::Jar)}))
                    .collect();
                json!(steps)
            }
            _ => json!(format!("{} {}", self.word(), self.chance.below(3))),
        }
    }

    fn post(&mut self) -> PostChange {
        let tags: Vec<&str> = {
            let count = self.chance.below(3);
            self.chance.some(&WORDS[..3], count)
        };
        let author = *self.chance.one(&["ada", "bea", "editor"]);
        let body = format!("<p>{} {}</p>", self.word(), self.chance.below(3));
        post_of(&self.word(), &body, author, &tags)
    }

    fn change(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let state = *self.chance.one(&STATES);
        let slug = self.chance.once_in(6).then(|| self.slug(what));
        if what == What::Post {
            return self.change_post(by, id, slug, state);
        }
        let locale = self.locale();
        let contents = vec![sent(locale.0, self.fields(what))];
        let has_slug = matches!(what, What::Recipe | What::Article);
        let name = (has_slug && self.chance.once_in(4)).then(|| self.word());
        let replace = self.chance.once_in(8);
        let change = Change { name, slug: slug.filter(|_| has_slug), contents, state, replace };
        self.note(format!("change {what:?} {id:?}: {change:?}"));
        by.change(id, change, self.signature()).map(|_| ())
    }

    fn change_post(&mut self, by: &Authoring, id: EntryId, slug: Option<String>, state: State) -> Outcome {
        let mut change = PostChange { slug, ..PostChange::default() };
        if self.chance.once_in(2) {
            let all = self.post();
            change = PostChange { slug: change.slug, ..all };
        } else if self.chance.once_in(2) {
            change.author = Some(PostAuthor { slug: Some((*self.chance.one(&["ada", "bea"])).into()), email: None });
        } else {
            change.title = Some(self.word());
        }
        let locale = if self.chance.once_in(3) { Some(self.locale()) } else { None };
        self.note(format!("change post {id:?} {locale:?} {state:?}: {change:?}"));
        let written = by.change_post(id, change, locale, state, false, self.signature())?;
        if !self.there.contains(&(What::Post, written.id)) {
            self.there.push((What::Post, written.id));
        }
        Ok(())
    }

    fn publish(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let locale = self.locale();
        self.note(format!("publish {what:?} {id:?} {locale:?}"));
        by.publish(id, locale, self.signature()).map(|_| ())
    }

    fn unpublish(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let locale = self.locale();
        self.note(format!("unpublish {what:?} {id:?} {locale:?}"));
        by.unpublish(id, locale, self.signature()).map(|_| ())
    }

    fn schedule(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let (locale, off) = (self.locale(), self.chance.once_in(3));
        let when =
            if self.chance.once_in(5) { None } else { Some(at_second(self.now + self.chance.below(6) as i64).at) };
        self.note(format!(
            "schedule {} {what:?} {id:?} {locale:?} {when:?}",
            if off { "taking off" } else { "publishing" }
        ));
        if off {
            by.schedule_unpublish(id, locale, when, self.signature())
        } else {
            by.schedule_publish(id, locale, when, self.signature())
        }
    }

    fn run_schedule(&mut self, by: &Authoring) -> Outcome {
        self.note("run the schedule".into());
        let now: Moment = self.signature().at;
        by.run_schedule(now).map(|_| ())
    }

    fn delete(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let anyway = self.chance.once_in(2);
        self.note(format!("delete {what:?} {id:?} {anyway}"));
        by.delete(id, anyway, self.signature())?;
        self.there.retain(|(_, other)| *other != id);
        self.deleted.push((what, id));
        Ok(())
    }

    fn undelete(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.deleted.pop() else { return Ok(()) };
        self.note(format!("undelete {what:?} {id:?}"));
        by.undelete(id, self.signature())?;
        self.there.push((what, id));
        Ok(())
    }

    fn archive(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let back = self.chance.once_in(2);
        self.note(format!("{} {what:?} {id:?}", if back { "unarchive" } else { "archive" }));
        if back { by.unarchive(id, self.signature()) } else { by.archive(id, self.signature()) }.map(|_| ())
    }

    /// Does to one entry what is done to many at once, and perhaps undoes it.
    fn act(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let at = at_second(self.now + self.chance.below(6) as i64).at;
        let acts = [Act::Publish, Act::Unpublish, Act::Schedule(at), Act::Archive, Act::File(vec![1]), Act::Delete];
        let (act, locale) = (self.chance.one(&acts).clone(), self.locale());
        let undone = act == Act::Delete || self.chance.once_in(2);
        self.note(format!("{act:?} {what:?} {id:?} {locale:?}{}", if undone { ", undone" } else { "" }));
        let (undo, _) = by.act(id, locale, act, Wish::Along, self.signature())?;
        if undone { by.undo(undo, self.signature()) } else { Ok(()) }
    }

    fn move_item(&mut self, by: &Authoring) -> Outcome {
        let what = *self.chance.one(&[What::Jar, What::Maker]);
        let (Some((_, id)), Some((_, other))) = (self.entry(Some(what)), self.entry(Some(what))) else { return Ok(()) };
        let to = *self.chance.one(&[Beside::First, Beside::Up, Beside::Down, Beside::After(other)]);
        self.note(format!("move {what:?} {id:?} {to:?}"));
        by.move_item(id, to, self.signature())
    }

    fn purge(&mut self, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.deleted.pop() else { return Ok(()) };
        self.note(format!("purge {what:?} {id:?}"));
        by.purge_one(id, self.signature())
    }

    fn restore(&mut self, world: &World, by: &Authoring) -> Outcome {
        let Some((what, id)) = self.entry(None) else { return Ok(()) };
        let locale = self.locale();
        let revisions = world.store.read(|read| read.revisions(id, locale))?;
        if revisions.is_empty() {
            return Ok(());
        }
        let revision = self.chance.one(&revisions).id;
        self.note(format!("restore {what:?} {id:?} {revision:?}"));
        by.restore(revision, self.signature()).map(|_| ())
    }

    fn change_author(&mut self, by: &Authoring) -> Outcome {
        let (slug, name) = (*self.chance.one(&["ada", "bea", "zoe"]), self.word());
        let next = if self.chance.once_in(3) { *self.chance.one(&["ada", "bea", "zoe"]) } else { slug };
        self.note(format!("author {slug} becomes {next}, {name}"));
        let edit = move |author: &mut Author| (author.slug, author.last_name) = (next.into(), name);
        by.change_author(slug, edit, self.signature()).map(|_| ())
    }

    fn add_or_remove_author(&mut self, by: &Authoring) -> Outcome {
        let slug = *self.chance.one(&["ada", "bea", "zoe"]);
        self.note(format!("author {slug} comes or goes"));
        let author = Author { slug: slug.into(), first_name: slug.into(), ..Author::default() };
        match by.remove_author(slug, self.signature()) {
            Err(Error::NotFound(_)) => by.add_author(NewAuthor { author }, self.signature()).map(|_| ()),
            other => other,
        }
    }

    fn change_term(&mut self, by: &Authoring) -> Outcome {
        let filing = *self.chance.one(&[Filing::Category, Filing::Tag]);
        let (slug, name) = (*self.chance.one(&["plum", "pear", "quince"]), self.word());
        let next = if self.chance.once_in(3) { *self.chance.one(&["plum", "pear", "quince"]) } else { slug };
        self.note(format!("{filing:?} {slug} becomes {next}, {name}"));
        let edit = move |term: &mut larder::content::post::Term| (term.slug, term.name) = (next.into(), name);
        by.change_term(filing, slug, edit, self.signature()).map(|_| ())
    }

    fn set(&mut self, by: &Authoring) -> Outcome {
        let name = *self.chance.one(&["serve_draft_posts", "blog_title", "blog_url_prefix"]);
        let value = match name {
            "serve_draft_posts" => json!(self.chance.once_in(2)),
            _ => json!(format!("https://example.com/{}/", self.word())),
        };
        let value = if self.chance.once_in(3) { None } else { Some(value) };
        self.note(format!("set {name} to {value:?}"));
        by.change_setting(name, value, self.signature())
    }

    fn reshape(&mut self, world: &World, by: &Authoring) -> Outcome {
        let mut next = self.shape;
        let part = self.chance.one(&[0, 1, 2, 3]);
        let part = [&mut next.renamed, &mut next.noted, &mut next.austrian, &mut next.french].into_iter().nth(*part);
        let part = part.expect("a part");
        *part = !*part;
        self.note(format!("the model becomes {next:?}"));
        world.reshape(by, self.shape, next, self.signature());
        self.shape = next;
        Ok(())
    }
}

fn keys(what: What, shape: Shape) -> Vec<&'static str> {
    match what {
        What::Recipe => {
            let mut keys = vec![
                shape.headline(),
                "stars",
                "vegan",
                "method",
                "picture",
                "jar",
                "jars",
                "next",
                "hero",
                "blocks",
                "steps",
            ];
            keys.extend(shape.noted.then_some("note"));
            keys
        }
        What::Article => vec!["headline", "main", "singles"],
        What::Single => vec!["story", "best", "jars"],
        What::Jar => vec!["name", "size", "makers"],
        What::Maker => vec!["name", "best"],
        What::Post => Vec::new(),
    }
}
