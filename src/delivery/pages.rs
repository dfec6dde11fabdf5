//! Pages: lists, single ones, search.

use std::rc::Rc;

use serde_json::Value;

use super::addresses::relative;
use super::body::{Build, Entries, Stop};
use super::query::{ANY, Look, OnePage, PageList, PageSearch, Paging};
use super::refusal::Refusal;
use super::shape;
use crate::content::entry::{EntryId, Version};
use crate::content::filter::{Filter, Order};
use crate::content::locale::LocaleId;
use crate::content::schema::{Kind, Model, Schema, SchemaId};
use crate::store::{Listing, SearchIn};

impl Build<'_> {
    pub(super) fn pages(&mut self, list: &PageList) -> Result<Value, Stop> {
        let locale = self.locale(list.look.locale.as_deref())?;
        let model = self.recorder.model();
        let schema = match list.page_type.as_str() {
            ANY => None,
            key => Some(model.page_type(key).ok_or(Refusal::NotFound)?),
        };
        let (filters, order) = match schema {
            Some(schema) => {
                let filters = parse_filters(&list.filters, schema, &model, self.public_url);
                let filters = filters.map_err(Refusal::NoPageField)?;
                (filters, parse_order(list.order.as_deref(), schema).map_err(Refusal::NoPageField)?)
            }
            // Single pages have no fields in common.
            None => (Vec::new(), Order::default_of(Kind::SinglePage)),
        };
        let listed = self.recorder.list(&Listing {
            schema: schema.map(|schema| schema.id),
            locale,
            view: list.look.view,
            filters: &filters,
            order,
            offset: list.paging.offset(),
            limit: list.paging.limit(),
        })?;
        self.page_list(&model, locale, &list.look, list.paging, listed.count, &listed.ids)
    }

    pub(super) fn page(&mut self, one: &OnePage) -> Result<Value, Stop> {
        let locale = self.locale(one.look.locale.as_deref())?;
        let model = self.recorder.model();
        let candidates = self.recorder.pages_by_slug(&one.slug, one.look.view)?;
        let wanted = |schema: SchemaId| {
            one.page_type == ANY || model.page_type(&one.page_type).is_some_and(|wanted| wanted.id == schema)
        };
        let mut entries = Entries::new(self, &model, locale, &one.look);
        let mut found: Option<Rc<Version>> = None;
        for candidate in candidates.iter().filter(|candidate| wanted(candidate.schema)) {
            let Some(version) = entries.version(candidate.id)? else { continue };
            if found.replace(version).is_some() {
                return Err(Refusal::SeveralPages.into());
            }
        }
        let version = found.ok_or(Refusal::NoPage)?;
        entries.build.admits(version.entry.id)?;
        Ok(shape::one(entries.one(&version)?.ok_or(Refusal::NoPage)?))
    }

    pub(super) fn page_search(&mut self, search: &PageSearch) -> Result<Value, Stop> {
        let locale = self.locale(search.look.locale.as_deref())?;
        let model = self.recorder.model();
        let schemas: Vec<SchemaId> = match search.page_type.as_deref() {
            None => of_kind(&model, Kind::is_page),
            Some(ANY) => of_kind(&model, |kind| kind == Kind::SinglePage),
            Some(key) => vec![model.page_type(key).ok_or(Refusal::NotFound)?.id],
        };
        let within = SearchIn {
            schemas: &schemas,
            locale,
            view: search.look.view,
            offset: search.paging.offset(),
            limit: search.paging.limit(),
        };
        let (hits, count) = self.recorder.search(&search.words, &within)?;
        let ids: Vec<EntryId> = hits.iter().map(|hit| hit.entry).collect();
        self.page_list(&model, locale, &search.look, search.paging, count, &ids)
    }

    fn page_list(
        &mut self,
        model: &Model,
        locale: LocaleId,
        look: &Look,
        paging: Paging,
        count: u64,
        ids: &[EntryId],
    ) -> Result<Value, Stop> {
        if paging.is_past(count) {
            return Err(Refusal::NoSuchListPage.into());
        }
        let pages = Entries::new(self, model, locale, look).all(ids)?;
        Ok(shape::with_meta(shape::list_meta(paging, count), Value::Array(pages)))
    }
}

fn of_kind(model: &Model, fits: impl Fn(Kind) -> bool) -> Vec<SchemaId> {
    model.schemas.iter().filter(|schema| fits(schema.kind)).map(|schema| schema.id).collect()
}

/// How many steps a filter's path has at most: far more than any model is deep, and few enough to follow
/// references in circles.
const MAX_STEPS: usize = 32;

/// Reads filters against a schema.
///
/// # Errors
/// The path of the first that names no field.
pub(super) fn parse_filters(
    asked: &[(String, String)],
    schema: &Schema,
    model: &Model,
    public_url: &str,
) -> Result<Vec<Filter>, String> {
    asked
        .iter()
        .map(|(path, text)| {
            if path.split('.').count() > MAX_STEPS {
                return Err(path.clone());
            }
            let mut filter = Filter::parse(path, text, schema, model)?;
            let stored = relative(text, public_url);
            if stored != text {
                // An address of our own is stored without our host in media fields, as sent in others.
                filter.any_of.extend(Filter::parse(path, stored, schema, model)?.any_of);
            }
            Ok(filter)
        })
        .collect()
}

/// Reads an order against a schema.
///
/// # Errors
/// The name that no field has.
pub(super) fn parse_order(asked: Option<&str>, schema: &Schema) -> Result<Order, String> {
    asked.map_or_else(|| Ok(Order::default_of(schema.kind)), |text| Order::parse(text, schema))
}
