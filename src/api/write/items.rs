//! Writing collection items.

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde_json::Value;

use super::input::{self, Members};
use super::{Done, Request, answer};
use crate::api::Api;
use crate::api::asked::Reply;
use crate::api::caller::Caller;
use crate::api::error::Refusal;
use crate::api::params::Params;
use crate::authoring::{Authoring, Change, NewItem, Sent, State as EntryState};
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::schema::{Model, Schema};

/// `POST /content/`, the collection named in the body.
pub(in crate::api) async fn create(state: State<Api>, caller: Caller, params: Params, body: Bytes) -> Reply {
    answer(state, caller, params, body, |authoring, request| {
        let model = authoring.model()?;
        let mut members = Members::of(&request.body);
        let key = members.needed("key", "This field is required.");
        let collection = model.collection(&key);
        if collection.is_none() && !key.is_empty() {
            members.problem("key", format!("Collection {key} does not exist."));
        }
        make(authoring, request, &model, collection, members)
    })
    .await
}

/// `POST /content/{key}/`
pub(in crate::api) async fn create_in(
    state: State<Api>,
    caller: Caller,
    Path(key): Path<String>,
    params: Params,
    body: Bytes,
) -> Reply {
    answer(state, caller, params, body, move |authoring, request| {
        let model = authoring.model()?;
        let collection = model.collection(&key).ok_or_else(Refusal::not_found)?;
        make(authoring, request, &model, Some(collection), Members::of(&request.body))
    })
    .await
}

/// Makes one item, or one of every element of `fields`.
fn make(
    authoring: &Authoring,
    request: &Request,
    model: &Model,
    collection: Option<&Schema>,
    mut members: Members<'_>,
) -> Result<Done, Refusal> {
    let locale = request.locale(model)?;
    let state = members.state(EntryState::Draft, false);
    let sent = match members.value("fields") {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    if sent.is_empty() {
        members.problem("fields", "This field is required.");
    }
    if sent.iter().any(|fields| fields.is_null()) {
        members.problem("fields", "Expected an object of field keys and values.");
    }
    let mut items = Vec::new();
    for fields in sent {
        let contents = item_contents(Some(fields), locale, model, &mut members);
        items.extend(collection.map(|collection| NewItem { schema: collection.id, contents, state }));
    }
    let warnings = members.finish()?;
    let written = authoring.create_items(items, request.signature.clone())?;
    let mut done = written.first().map(|first| Done::entry(first, warnings));
    if let Some(Done::Written(says)) = &mut done
        && written.len() > 1
    {
        says.insert("ids".into(), written.iter().map(|item| item.id.0).collect());
    }
    done.ok_or_else(Refusal::not_found)
}

/// `PATCH /content/{key}/{id}/`: changes what is sent.
pub(in crate::api) async fn patch(
    state: State<Api>,
    caller: Caller,
    place: Path<(String, String)>,
    params: Params,
    body: Bytes,
) -> Reply {
    change(state, caller, place, params, body, false).await
}

/// `PUT /content/{key}/{id}/`: what is not sent becomes empty.
pub(in crate::api) async fn put(
    state: State<Api>,
    caller: Caller,
    place: Path<(String, String)>,
    params: Params,
    body: Bytes,
) -> Reply {
    change(state, caller, place, params, body, true).await
}

async fn change(
    state: State<Api>,
    caller: Caller,
    Path((key, id)): Path<(String, String)>,
    params: Params,
    body: Bytes,
    replace: bool,
) -> Reply {
    answer(state, caller, params, body, move |authoring, request| {
        let model = authoring.model()?;
        let locale = request.locale(&model)?;
        let item = authoring.find_item(&key, item_id(&id)?)?;
        let mut members = Members::of(&request.body);
        let mut fields = request.body.get("fields");
        if let Some(Value::Array(list)) = fields {
            match list.as_slice() {
                [] => {}
                [one] => fields = Some(one),
                _ => members.problem("fields", "Expected an object, or a list of one."),
            }
        }
        let mut contents = item_contents(fields, locale, &model, &mut members);
        if replace {
            for sent in &mut contents {
                sent.fields.get_or_insert_default();
            }
        }
        let state = members.state(EntryState::Keep, true);
        let warnings = members.finish()?;
        let change = Change { name: None, slug: None, contents, state, replace };
        let written = authoring.change(item, change, request.signature.clone())?;
        Ok(Done::entry(&written, warnings))
    })
    .await
}

/// `DELETE /content/{key}/{id}/`
pub(in crate::api) async fn delete(
    state: State<Api>,
    caller: Caller,
    Path((key, id)): Path<(String, String)>,
    params: Params,
) -> Reply {
    answer(state, caller, params, Bytes::new(), move |authoring, request| {
        let item = authoring.find_item(&key, item_id(&id)?)?;
        authoring.delete(item, true, request.signature.clone())?;
        Ok(Done::Deleted)
    })
    .await
}

fn item_id(text: &str) -> Result<EntryId, Refusal> {
    text.parse().map(EntryId).map_err(|_| Refusal::not_found())
}

/// The content sent for an item, without the `meta` that a read answers.
fn item_contents(fields: Option<&Value>, locale: LocaleId, model: &Model, members: &mut Members<'_>) -> Vec<Sent> {
    let mut contents = input::contents(fields, locale, model, members);
    for fields in contents.iter_mut().filter_map(|sent| sent.fields.as_mut()) {
        fields.remove("meta");
    }
    contents
}
