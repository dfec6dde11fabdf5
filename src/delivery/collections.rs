//! Collections: one, several, one item.

use serde_json::{Map, Value};

use super::body::{Build, Entries, Stop};
use super::pages::{parse_filters, parse_order};
use super::query::{ItemList, ItemLists, OneItem, Paging, Wanted};
use super::refusal::Refusal;
use super::shape;
use crate::content::entry::EntryId;
use crate::content::filter::{Filter, Order};
use crate::content::schema::{Kind, Model, Schema};
use crate::store::{Error, Listed, Listing};

/// Which items of a collection, and in which order.
struct Terms<'s> {
    schema: &'s Schema,
    filters: Vec<Filter>,
    order: Order,
}

impl Build<'_> {
    pub(super) fn collection(&mut self, list: &ItemList) -> Result<Value, Stop> {
        let locale = self.locale(list.look.locale.as_deref())?;
        let model = self.recorder.model();
        let schema = model.collection(&list.key).ok_or(Refusal::NotFound)?;
        let filters = parse_filters(&list.filters, schema, &model, self.public_url);
        let terms = Terms {
            schema,
            filters: filters.map_err(Refusal::NoItemField)?,
            order: parse_order(list.order.as_deref(), schema).map_err(Refusal::NoItemField)?,
        };
        let mut entries = Entries::new(self, &model, locale, &list.look);
        let listed = entries.listed(&terms, Some(list.paging))?;
        if list.paging.is_past(listed.count) {
            return Err(Refusal::NoSuchListPage.into());
        }
        let items = entries.all(&listed.ids)?;
        let data = Map::from_iter([(list.key.clone(), Value::Array(items))]);
        Ok(shape::with_meta(shape::items_meta(list.paging, listed.count), Value::Object(data)))
    }

    pub(super) fn collections(&mut self, lists: &ItemLists) -> Result<Value, Stop> {
        if lists.wanted.is_empty() {
            return Ok(Value::Object(Map::new()));
        }
        let locale = self.locale(lists.look.locale.as_deref())?;
        let model = self.recorder.model();
        let terms = terms_of_all(lists, &model, self.public_url)?;
        let mut entries = Entries::new(self, &model, locale, &lists.look);
        let mut data = Map::new();
        for (wanted, terms) in lists.wanted.iter().zip(&terms) {
            let ids = if wanted.ids.is_empty() {
                entries.listed(terms, lists.paging)?.ids
            } else {
                entries.of_schema(&wanted.ids, terms.schema)?
            };
            data.insert(wanted.key.clone(), Value::Array(entries.all(&ids)?));
        }
        Ok(shape::one(Value::Object(data)))
    }

    pub(super) fn item(&mut self, one: &OneItem) -> Result<Value, Stop> {
        let locale = self.locale(one.look.locale.as_deref())?;
        let model = self.recorder.model();
        let schema = model.collection(&one.key).ok_or(Refusal::NotFound)?;
        self.admits(one.id)?;
        let mut entries = Entries::new(self, &model, locale, &one.look);
        let found = entries.of_schema(&[one.id], schema)?;
        let item = entries.all(&found)?.pop();
        Ok(shape::one(item.ok_or(Refusal::NotFound)?))
    }
}

impl Entries<'_, '_, '_> {
    fn listed(&mut self, terms: &Terms<'_>, paging: Option<Paging>) -> Result<Listed, Error> {
        self.build.recorder.list(&Listing {
            schema: Some(terms.schema.id),
            locale: self.locale,
            view: self.view,
            filters: &terms.filters,
            order: terms.order.clone(),
            offset: paging.map_or(0, Paging::offset),
            limit: paging.map_or(i64::MAX.unsigned_abs(), Paging::limit),
        })
    }

    /// Those of the ids that belong to the schema.
    fn of_schema(&mut self, ids: &[EntryId], schema: &Schema) -> Result<Vec<EntryId>, Error> {
        let mut found = Vec::new();
        for id in ids {
            if self.build.recorder.entry(*id)?.is_some_and(|entry| entry.schema == schema.id) {
                found.push(*id);
            }
        }
        Ok(found)
    }
}

/// Filters and order apply to every collection that has the field; a field that none has is refused.
fn terms_of_all<'m>(lists: &ItemLists, model: &'m Model, public_url: &str) -> Result<Vec<Terms<'m>>, Refusal> {
    let schemas = schemas_of(&lists.wanted, model)?;
    let mut terms: Vec<Terms<'m>> = schemas
        .iter()
        .map(|&schema| Terms { schema, filters: Vec::new(), order: Order::default_of(Kind::Collection) })
        .collect();
    for filter in &lists.filters {
        apply(&mut terms, |terms| {
            terms.filters.extend(parse_filters(std::slice::from_ref(filter), terms.schema, model, public_url)?);
            Ok(())
        })?;
    }
    apply(&mut terms, |terms| {
        terms.order = parse_order(lists.order.as_deref(), terms.schema)?;
        Ok(())
    })?;
    Ok(terms)
}

/// Applies what was asked wherever it can be; refused when that is nowhere.
fn apply<'m>(
    terms: &mut [Terms<'m>],
    mut asked: impl FnMut(&mut Terms<'m>) -> Result<(), String>,
) -> Result<(), Refusal> {
    let mut unknown = None;
    let mut applied = false;
    for terms in terms {
        match asked(terms) {
            Ok(()) => applied = true,
            Err(path) => unknown = Some(path),
        }
    }
    unknown.filter(|_| !applied).map_or(Ok(()), |path| Err(Refusal::NoItemField(path)))
}

fn schemas_of<'m>(wanted: &[Wanted], model: &'m Model) -> Result<Vec<&'m Schema>, Refusal> {
    wanted
        .iter()
        .map(|wanted| model.collection(&wanted.key).ok_or_else(|| Refusal::NoCollection(wanted.key.clone())))
        .collect()
}
