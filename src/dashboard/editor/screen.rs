//! What the templates of editing screens show.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use serde_json::{Value, json};

use super::control::Controls;
use crate::account::{Right, User};
use crate::authoring::{Opened, Problems, called, status};
use crate::content::entry::Entry;
use crate::content::field::{Field, FieldType};
use crate::content::locale::LocaleId;
use crate::content::post::{Filing, Term};
use crate::content::schema::{Kind, Model, Schema};
use crate::content::settings::Settings;
use crate::dashboard::address;
use crate::dashboard::error::Refused;
use crate::dashboard::history::last_result;
use crate::dashboard::nav::initials;
use crate::dashboard::sight::Sight;
use crate::dashboard::view::View;
use crate::store::Read;

/// A form that is opened for somebody.
pub(super) struct Sheet<'a> {
    pub(super) view: &'a View,
    pub(super) read: &'a Read<'a>,
    pub(super) user: &'a User,
    pub(super) schema: &'a Schema,
    /// `None` for one that is yet to be made.
    pub(super) entry: Option<&'a Entry>,
    pub(super) locale: LocaleId,
    /// Where readers reach the site.
    pub(super) site: &'a str,
}

impl Sheet<'_> {
    /// The template's context. `met` is what a form that was sent without scripts met.
    pub(super) fn context(
        &self,
        opened: &Opened,
        met: &Problems,
        in_sheet: &str,
        saved: &str,
    ) -> Result<minijinja::Value, Refused> {
        let model = self.read.model().clone();
        let sight = Sight::of(self.user);
        let controls = Controls {
            view: self.view,
            read: self.read,
            model: &model,
            sight,
            filled: &opened.filled,
            problems: met,
            role: self.user.role,
            html: self.user.may(Right::EditHtml),
        };
        let title = match (self.entry, &opened.revision) {
            (Some(entry), Some(revision)) => called(&model, entry, revision),
            _ => String::new(),
        };
        let shown_title = if title.is_empty() { format!("New {}", self.noun()) } else { title };
        let mut context = json!({
            "page": {"title": shown_title, "slim": true},
            "type": {
                "name": self.schema.name, "help": self.schema.help, "href": address::list(self.schema),
                "noun": self.noun(), "named": self.schema.kind != Kind::Collection,
            },
            "entry": self.about(opened, &model)?,
            "values": opened.filled.values,
            "met": met,
            "saved": saved == "1",
            "in_sheet": in_sheet == "1",
            "languages": self.languages(&model)?,
            "components": components(&model),
            "nonce": nonce(),
            "site_host": self.site.split_once("://").map_or(self.site, |(_, host)| host),
        });
        if self.schema.kind == Kind::Post {
            context["post"] = self.post(&controls, opened)?;
        } else {
            let (mut own, mut found) = (Vec::new(), Vec::new());
            for field in self.schema.fields() {
                let control = controls.control(field, &field.key, 0)?;
                if is_for_search(field) { found.push(control) } else { own.push(control) }
            }
            context["controls"] = json!(own);
            context["search_controls"] = json!(found);
            let picks = |field: &Field| matches!(field.kind, FieldType::ComponentPicker(_));
            let writes = context["entry"]["writes"] == true;
            context["outlined"] = json!(writes && self.schema.fields().any(picks));
        }
        Ok(minijinja::Value::from(Serde(context)))
    }

    /// What people call one.
    fn noun(&self) -> &'static str {
        match self.schema.kind {
            Kind::Post => "post",
            Kind::Collection => "item",
            Kind::PageType | Kind::SinglePage => "page",
        }
    }

    fn about(&self, opened: &Opened, model: &Model) -> Result<Value, Refused> {
        let sight = Sight::of(self.user);
        let creator = self.entry.map_or(Some(self.user.id), |entry| entry.creator);
        let variant = opened.variant.as_ref();
        let writes = sight.may_write(creator) && sight.sees_draft(creator);
        let base = self.entry.map(|entry| address::entry(self.schema, entry.id));
        let started = variant.is_none_or(|variant| variant.live.is_none());
        // Without the right to see drafts, an entry is what readers get of it.
        let status = if sight.sees_draft(creator) { status(variant) } else { "published" };
        let (review, last) = match self.entry.filter(|_| sight.sees_draft(creator)) {
            Some(entry) => (self.read.review(entry.id, self.locale)?, last_result(self.read, entry.id, self.locale)?),
            None => (None, None),
        };
        Ok(json!({
            "id": self.entry.map(|entry| entry.id),
            "type": address::schema_name(self.schema),
            "base": base,
            "save": base.as_ref().map_or_else(|| format!("{}/draft", address::list(self.schema)), |base| format!("{base}/draft")),
            "action": base.as_ref().map_or_else(|| format!("{}/save", address::new(self.schema)), |base| format!("{base}/save")),
            "locale": model.locale_slug(self.locale).unwrap_or_default(),
            "rev": opened.revision.as_ref().map(|revision| revision.id),
            "status": status,
            "follows": started && self.schema.kind != Kind::SinglePage,
            "published": variant.and_then(|variant| variant.published),
            "scheduled": variant.and_then(|variant| variant.scheduled),
            "saved_by": opened.revision.as_ref().map(|revision| &revision.by),
            "saved_at": opened.revision.as_ref().map(|revision| revision.at),
            "writes": writes,
            "html": self.user.may(Right::EditHtml),
            "publishes": self.user.may(Right::Publish),
            "builds": self.user.may(Right::Build),
            "review": review.map(|review| json!({"by": review.by, "at": review.at})),
            "last": last,
        }))
    }

    /// The site's languages, each with where this entry is written in it.
    fn languages(&self, model: &Model) -> Result<Value, Refused> {
        let mut languages = Vec::new();
        for locale in &model.locales {
            let mut language = json!({
                "slug": locale.slug, "name": locale.name, "current": locale.id == self.locale,
            });
            match self.entry {
                None => language["href"] = json!(format!("{}?locale={}", address::new(self.schema), locale.slug)),
                Some(entry) if self.schema.kind == Kind::Post => {
                    if let Some(sibling) = self.read.translation(entry, locale.id)? {
                        language["href"] = json!(address::entry(self.schema, sibling.id));
                    } else {
                        language["translate"] = json!(address::of_entry(self.schema, entry.id, "translate"));
                    }
                }
                Some(entry) => {
                    let there = self.read.variant(entry.id, locale.id)?.is_some();
                    language["new"] = json!(!there);
                    language["href"] =
                        json!(format!("{}?locale={}", address::entry(self.schema, entry.id), locale.slug));
                }
            }
            languages.push(language);
        }
        Ok(Value::Array(languages))
    }

    /// What only posts have.
    fn post(&self, controls: &Controls<'_>, opened: &Opened) -> Result<Value, Refused> {
        let values = &opened.filled.values;
        let mut own = BTreeMap::new();
        for field in crate::authoring::post_fields() {
            own.insert(field.key.clone(), controls.control(field, &field.key, 0)?);
        }
        let ids = |key: &str| -> Vec<i64> {
            values.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_i64).collect()
        };
        let author = values.get("author").and_then(Value::as_i64);
        let authors: Vec<Value> = self
            .read
            .authors()?
            .into_iter()
            .map(|one| {
                let name = one.full_name();
                json!({"id": one.id, "name": name, "chosen": Some(one.id) == author, "initials": initials(&name), "pair": one.id.rem_euclid(8)})
            })
            .collect();
        let terms = |terms: Vec<Term>, chosen: Vec<i64>| -> Vec<Value> {
            // What is chosen comes in the order in which it was chosen.
            let mut terms = terms;
            terms.sort_by_key(|term| chosen.iter().position(|id| *id == term.id).unwrap_or(usize::MAX));
            terms
                .into_iter()
                .map(|term| json!({"id": term.id, "name": term.name, "chosen": chosen.contains(&term.id)}))
                .collect()
        };
        let settings = Settings::read(&self.read.settings()?);
        Ok(json!({
            "controls": own,
            "authors": authors,
            "categories": terms(self.read.terms(Filing::Category)?, ids("categories")),
            "tags": terms(self.read.terms(Filing::Tag)?, ids("tags")),
            "prefix": settings.blog_url_prefix,
        }))
    }
}

/// Whether a field of a page is about how search engines and shared links show it, rather than about the page.
fn is_for_search(field: &Field) -> bool {
    field.key == "seo" || ["seo_", "meta_"].iter().any(|start| field.key.starts_with(start))
}

/// The components that pickers of the page offer.
fn components(model: &Model) -> Value {
    model
        .components
        .iter()
        .map(|component| json!({"key": component.key, "name": component.name, "help": component.help, "icon": "component"}))
        .collect()
}

/// A form's own number.
fn nonce() -> String {
    let mut bytes = [0; 8];
    // Without randomness, two forms with the same words are one save, which harms nobody.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
