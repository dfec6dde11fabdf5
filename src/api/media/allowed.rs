//! Which pictures are made for whom: on a site that makes known sizes only, nobody else's.

use axum::http::HeaderMap;

use crate::api::{Api, Refusal, developer};
use crate::delivery::File;
use crate::media::known::unknown;
use crate::media::signature::is_signed;
use crate::media::task::{Task, Tasks};

/// To whom a picture may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// To everybody.
    Everybody,
    /// To the one who asks, who is signed in to the dashboard: what nobody has saved yet is shown there.
    Asker,
}

/// Whether these tasks may be done to a file: when the site makes all sizes, the sizes are known, the address is signed,
/// content holds an address that differs in nothing but a known size, or somebody who is signed in asks. Opens nothing.
///
/// # Errors
/// 403; 503 when content cannot be asked.
pub(super) async fn allowed(
    api: &Api,
    file: &File,
    tasks: &Tasks,
    signature: Option<&str>,
    headers: &HeaderMap,
) -> Result<Allowed, Refusal> {
    let sizes = api.delivery.picture_sizes();
    if !sizes.only_known || signature.is_some_and(|sent| is_signed(sizes.key(), &file.id, tasks, sent)) {
        return Ok(Allowed::Everybody);
    }
    let left = unknown(tasks, &sizes);
    if left.is_empty() || stands_in_content(api, file, left).await? {
        return Ok(Allowed::Everybody);
    }
    if developer::is_signed_in(api, headers).await {
        return Ok(Allowed::Asker);
    }
    Err(Refusal::unknown_size(sizes.widths()))
}

/// Whether content asks for the same, whatever the known size. What it once asked for stays allowed for a while, also
/// while the database does not answer.
async fn stands_in_content(api: &Api, file: &File, left: Vec<Task>) -> Result<bool, Refusal> {
    let wish = (file.id.clone(), Tasks { list: left, skipped: Vec::new() }.to_string());
    if api.pictures.is_wanted(&wish) {
        return Ok(true);
    }
    let (delivery, id) = (api.delivery.clone(), file.id.clone());
    let asked = api.blocking(move || Ok(delivery.asked_in_content(&id)?)).await?;
    let sizes = api.delivery.picture_sizes();
    let wishes = asked.iter().filter_map(|asked| Tasks::asked(asked).ok());
    let mut left = wishes.map(|tasks| Tasks { list: unknown(&tasks, &sizes), skipped: Vec::new() }.to_string());
    let found = left.any(|left| left == wish.1);
    if found {
        api.pictures.want(wish);
    }
    Ok(found)
}
