//! Generated pages: what a large site is like, for `larder demo --entries` and the benchmarks.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::failure::Failure;
use super::place::signature;
use super::terminal::note;
use crate::authoring::{Authoring, EntryLine, RevisionLine, VariantLine};
use crate::content::definition::{Definition, GroupDefinition};
use crate::content::moment::Moment;

/// The page type of generated pages.
const TYPE: &str = "generated";
/// How many pages are written in one transaction.
const BATCH: u64 = 2000;
/// 2016-01-01, in microseconds: the first generated page's day.
const FIRST_DAY: i64 = 1_451_606_400_000_000;
/// Ten years, in seconds: over which the pages are spread.
const SPREAD: u64 = 315_360_000;

const SECTIONS: [&str; 8] = ["bread", "flour", "tools", "courses", "gifts", "books", "seeds", "tea"];
const WORDS: [&str; 48] = [
    "mill",
    "river",
    "stone",
    "wheel",
    "grain",
    "bread",
    "oven",
    "crust",
    "rye",
    "spelt",
    "barley",
    "field",
    "farm",
    "harvest",
    "winter",
    "spring",
    "summer",
    "autumn",
    "morning",
    "baker",
    "miller",
    "flour",
    "dough",
    "yeast",
    "sourdough",
    "water",
    "salt",
    "honey",
    "seed",
    "sack",
    "cart",
    "bridge",
    "weir",
    "garden",
    "market",
    "recipe",
    "table",
    "kitchen",
    "window",
    "apron",
    "basket",
    "butter",
    "jam",
    "apple",
    "walnut",
    "pepper",
    "thyme",
    "smoke",
];

/// A model with the page type of generated pages in it.
pub fn generated_model(mut model: Definition) -> Definition {
    if model.page_types.iter().all(|group| group.key != TYPE) {
        let options = SECTIONS.map(|section| json!({"value": section}));
        let fields = json!([
            {"key": "headline", "type": "short_text", "required": true},
            {"key": "teaser", "type": "long_text"},
            {"key": "text", "type": "wysiwyg"},
            {"key": "section", "type": "dropdown", "options": options},
            {"key": "price", "type": "number", "min": 0},
            {"key": "rating", "type": "number", "min": 1, "max": 5, "whole": true},
            {"key": "in_stock", "type": "checkbox"},
            {"key": "day", "type": "date"},
            {"key": "related", "type": "reference", "to": {"page_type": TYPE}, "many": true},
        ]);
        model.page_types.push(GroupDefinition {
            id: None,
            key: TYPE.into(),
            name: "Generated page".into(),
            help: String::new(),
            label: None,
            was: None,
            // The list above is spelled as field definitions are; a test makes a model of it.
            fields: serde_json::from_value(fields).unwrap_or_default(),
        });
    }
    model
}

/// `count` pages as lines of an archive. Their ids follow `after`, those of their revisions
/// `after_revision`; the same numbers give the same pages.
pub fn generated_pages(count: u64, after: i64, after_revision: i64, locale: &str) -> impl Iterator<Item = EntryLine> {
    let locale = locale.to_owned();
    (0..count).map(move |number| page(number, after, after_revision, &locale))
}

fn page(number: u64, after: i64, after_revision: i64, locale: &str) -> EntryLine {
    let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ after.unsigned_abs());
    let place = i64::try_from(number).unwrap_or(0) + 1;
    let id = after + place;
    let at = Moment::from_micros(FIRST_DAY + dice.below(SPREAD).cast_signed() * 1_000_000);
    let name = dice.sentence(3, 6);
    let slug = format!("{}-{id}", name.to_lowercase().replace(' ', "-"));
    let revision = RevisionLine {
        id: after_revision + place,
        at,
        by: "generator".into(),
        why: "created".into(),
        named: None,
        name: name.clone(),
        slug: Some(slug.clone()),
        fields: fields(&mut dice, &name, id, after, at),
    };
    let variant = VariantLine {
        published: Some(at),
        updated: at,
        scheduled: None,
        along: false,
        unpublish: None,
        send_to: None,
        live: Some(revision.id),
        draft: None,
        revisions: vec![revision],
    };
    EntryLine {
        id,
        kind: format!("page:{TYPE}"),
        slug: Some(slug),
        draft_slug: None,
        created: at,
        position: id,
        deleted: None,
        archived: None,
        group: None,
        locales: BTreeMap::from([(locale.to_owned(), variant)]),
    }
}

fn fields(dice: &mut Dice, name: &str, id: i64, after: i64, at: Moment) -> Value {
    let earlier = (id - after - 1).unsigned_abs();
    let related: Vec<i64> =
        (0..dice.below(3).min(earlier)).map(|_| after + 1 + dice.below(earlier).cast_signed()).collect();
    let paragraphs: String = (0..3).map(|_| format!("<p>{}.</p>", dice.sentence(15, 40))).collect();
    json!({
        "headline": format!("{name} {id}"),
        "teaser": format!("{}.", dice.sentence(8, 20)),
        "text": paragraphs,
        "section": SECTIONS[dice.below(8) as usize],
        "price": dice.below(10_000) as f64 / 100.0,
        "rating": 1 + dice.below(5),
        "in_stock": dice.below(10) > 0,
        "day": Moment::from_micros(at.micros() / 86_400_000_000 * 86_400_000_000).to_plain(),
        "related": related,
    })
}

/// Repeatable chance (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }

    /// Some words, the first with a capital.
    fn sentence(&mut self, least: u64, most: u64) -> String {
        let count = least + self.below(most - least + 1);
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.below(48) as usize]).collect();
        let text = words.join(" ");
        let (first, rest) = text.split_at(1);
        first.to_uppercase() + rest
    }
}

/// Adds generated pages to a site, and their page type when it is not there.
pub(super) fn add_generated(site: &Authoring, count: u64) -> Result<(), Failure> {
    let definition = generated_model(Definition::of(&*site.model()?, false));
    let plan = site.plan_schema(&definition)?;
    if plan.changes {
        site.change_schema(definition, plan.model, false, signature(), std::sync::Arc::default())?;
    }
    let model = site.model()?;
    let locale = model.locales.first().map(|locale| locale.slug.clone()).unwrap_or_default();
    let (entry, revision) = site.store().read(|read| read.last_ids())?;
    let mut pages = generated_pages(count, entry.0, revision.0, &locale);
    let mut done = 0;
    while done < count {
        let batch: Vec<EntryLine> = pages.by_ref().take(BATCH as usize).collect();
        done += batch.len() as u64;
        site.add_lines(batch, &signature())?;
        if done.is_multiple_of(50 * BATCH) {
            note(format_args!("{done} of {count} pages"));
        }
    }
    note(format_args!("added {count} generated pages"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{generated_model, generated_pages};
    use crate::content::definition::{Definition, Ids};

    #[test]
    fn the_page_type_makes_a_model_and_pages_repeat() {
        let model = generated_model(Definition::empty()).to_model(&mut Ids::default()).expect("a model");
        assert_eq!(model.page_type("generated").expect("there").fields.len(), 9);
        let lines = || generated_pages(20, 5, 7, "").collect::<Vec<_>>();
        assert_eq!(lines(), lines());
        assert_eq!((lines()[0].id, lines()[19].id), (6, 25));
    }
}
