//! Writing posts.

use axum::body::Bytes;
use axum::extract::{Path, State};

use super::input::{self, Members};
use super::{Done, answer};
use crate::api::Api;
use crate::api::asked::Reply;
use crate::api::caller::Caller;
use crate::api::params::Params;
use crate::authoring::State as EntryState;

/// `POST /posts/`
pub(in crate::api) async fn create(state: State<Api>, caller: Caller, params: Params, body: Bytes) -> Reply {
    answer(state, caller, params, body, |authoring, request| {
        let locale = request.locale(&*authoring.model()?)?;
        let mut members = Members::of(&request.body);
        let state = members.state(EntryState::Draft, false);
        let post = input::post(&mut members, false);
        let warnings = members.finish()?;
        let written = authoring.create_post(post, locale, state, request.signature.clone())?;
        Ok(Done::entry(&written, warnings))
    })
    .await
}

/// `PATCH /posts/{slug}/`: changes what is sent.
pub(in crate::api) async fn patch(
    state: State<Api>,
    caller: Caller,
    slug: Path<String>,
    params: Params,
    body: Bytes,
) -> Reply {
    change(state, caller, slug, params, body, false).await
}

/// `PUT /posts/{slug}/`: what is not sent becomes empty.
pub(in crate::api) async fn put(
    state: State<Api>,
    caller: Caller,
    slug: Path<String>,
    params: Params,
    body: Bytes,
) -> Reply {
    change(state, caller, slug, params, body, true).await
}

async fn change(
    state: State<Api>,
    caller: Caller,
    Path(slug): Path<String>,
    params: Params,
    body: Bytes,
    replace: bool,
) -> Reply {
    answer(state, caller, params, body, move |authoring, request| {
        let locale = request.asked_locale(&*authoring.model()?)?;
        let post = authoring.find_post(&slug)?;
        let mut members = Members::of(&request.body);
        let state = members.state(EntryState::Keep, true);
        let change = input::post(&mut members, true);
        let warnings = members.finish()?;
        let written = authoring.change_post(post, change, locale, state, replace, request.signature.clone())?;
        Ok(Done::entry(&written, warnings))
    })
    .await
}

/// `DELETE /posts/{slug}/`
pub(in crate::api) async fn delete(
    state: State<Api>,
    caller: Caller,
    Path(slug): Path<String>,
    params: Params,
) -> Reply {
    answer(state, caller, params, Bytes::new(), move |authoring, request| {
        let post = authoring.find_post(&slug)?;
        authoring.delete(post, true, request.signature.clone())?;
        Ok(Done::Deleted)
    })
    .await
}
