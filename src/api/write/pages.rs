//! Writing pages.

use axum::body::Bytes;
use axum::extract::{Path, State};

use super::input::{self, Members};
use super::{Done, Request, answer};
use crate::api::Api;
use crate::api::asked::Reply;
use crate::api::caller::Caller;
use crate::api::error::Refusal;
use crate::api::params::Params;
use crate::authoring::{Authoring, Change, NewPage, State as EntryState};
use crate::content::schema::{Kind, Model, SchemaId};

/// `POST /pages/`
pub(in crate::api) async fn create(state: State<Api>, caller: Caller, params: Params, body: Bytes) -> Reply {
    answer(state, caller, params, body, make).await
}

fn make(authoring: &Authoring, request: &Request) -> Result<Done, Refusal> {
    let model = authoring.model()?;
    let locale = request.locale(&model)?;
    let mut members = Members::of(&request.body);
    let title = members.needed("title", "You must specify a page title.");
    let slug = members.needed("slug", "You must specify a page slug.");
    let schema = page_type(&mut members, &model)?;
    let state = members.state(EntryState::Draft, false);
    let mut contents = input::contents(request.body.get("fields"), locale, &model, &mut members);
    for sent in &mut contents {
        // A page made without fields has all of them, empty.
        sent.fields.get_or_insert_default();
    }
    let warnings = members.finish()?;
    let page = NewPage { schema, title, slug, contents, state };
    let written = authoring.create_page(page, request.signature.clone())?;
    Ok(Done::entry(&written, warnings))
}

/// The page type a new page is of; some clients spell the key `page-type`.
fn page_type(members: &mut Members<'_>, model: &Model) -> Result<SchemaId, Refusal> {
    let key = if members.value("page_type").is_some() { "page_type" } else { "page-type" };
    let wanted = members.text(key).unwrap_or_default();
    if let Some(schema) = model.page_type(&wanted) {
        return Ok(schema.id);
    }
    if wanted == "*" || model.find(Kind::SinglePage, &wanted).is_some() {
        return Err(Refusal::general("Single pages cannot be created through the API."));
    }
    members.problem(
        "page_type",
        if wanted.is_empty() {
            "You must specify a page type.".to_owned()
        } else {
            format!("Page type {wanted} does not exist.")
        },
    );
    // Never used: the problem stops the request once all of them are gathered.
    Ok(SchemaId(0))
}

/// `PATCH` and `PUT /pages/{type|*}/{slug}/`, which do the same: change what is sent.
pub(in crate::api) async fn change(
    state: State<Api>,
    caller: Caller,
    Path((page_type, slug)): Path<(String, String)>,
    params: Params,
    body: Bytes,
) -> Reply {
    answer(state, caller, params, body, move |authoring, request| {
        let model = authoring.model()?;
        let locale = request.locale(&model)?;
        let page = authoring.find_page(&page_type, &slug)?;
        let mut members = Members::of(&request.body);
        // A read answers the title as `name`.
        let name = members.text("title").or_else(|| members.text("name")).filter(|name| !name.is_empty());
        let change = Change {
            name,
            slug: members.text("slug").filter(|slug| !slug.is_empty()),
            contents: input::contents(request.body.get("fields"), locale, &model, &mut members),
            state: members.state(EntryState::Keep, true),
            replace: false,
        };
        let warnings = members.finish()?;
        let written = authoring.change(page, change, request.signature.clone())?;
        Ok(Done::entry(&written, warnings))
    })
    .await
}

/// `DELETE /pages/{type|*}/{slug}/`
pub(in crate::api) async fn delete(
    state: State<Api>,
    caller: Caller,
    Path((page_type, slug)): Path<(String, String)>,
    params: Params,
) -> Reply {
    answer(state, caller, params, Bytes::new(), move |authoring, request| {
        let page = authoring.find_page(&page_type, &slug)?;
        authoring.delete(page, true, request.signature.clone())?;
        Ok(Done::Deleted)
    })
    .await
}
