//! Reading collections.

use axum::extract::Path;

use super::asked::{Asked, Reply};
use super::error::Refusal;
use crate::content::entry::EntryId;
use crate::delivery::{ItemList, ItemLists, OneItem, Query, Wanted};

/// `GET /content/?keys=a,b`
pub(super) async fn several(asked: Asked) -> Reply {
    let keys = asked.params.text("keys").unwrap_or_default();
    these(asked, &keys).await
}

/// `GET /content/{key}/`; `/content/a,b/` means `?keys=a,b`.
pub(super) async fn list(asked: Asked, Path(key): Path<String>) -> Reply {
    if key.contains(',') {
        return these(asked, &key).await;
    }
    let params = &asked.params;
    let query = Query::Collection(ItemList {
        paging: params.pages()?,
        filters: params.fields(),
        order: params.text("order"),
        look: params.look(&asked.caller)?,
        key,
    });
    asked.answer(query).await
}

async fn these(asked: Asked, keys: &str) -> Reply {
    let params = &asked.params;
    let query = Query::Collections(ItemLists {
        wanted: wanted(keys),
        paging: params.pages_if_any()?,
        filters: params.fields(),
        order: params.text("order"),
        look: params.look(&asked.caller)?,
    });
    asked.answer(query).await
}

/// Reads `a,b[_id=12]`. What is no such thing is a key that no collection has.
fn wanted(keys: &str) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for text in keys.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let (key, id) = key_and_id(text).map_or((text, None), |(key, id)| (key, Some(id)));
        match wanted.iter_mut().find(|other| other.key == key) {
            // A collection asked for as a whole holds all its items anyway.
            Some(other) if other.ids.is_empty() || id.is_none() => other.ids.clear(),
            Some(other) => other.ids.extend(id),
            None => wanted.push(Wanted { key: key.into(), ids: id.into_iter().collect() }),
        }
    }
    wanted
}

fn key_and_id(text: &str) -> Option<(&str, EntryId)> {
    let (key, id) = text.strip_suffix(']')?.split_once("[_id=")?;
    Some((key, EntryId(id.parse().ok()?)))
}

/// `GET /content/{key}/{id}/`
pub(super) async fn show(asked: Asked, Path((key, id)): Path<(String, String)>) -> Reply {
    let look = asked.params.look(&asked.caller)?;
    let id = id.parse().map(EntryId).map_err(|_| Refusal::not_found())?;
    asked.answer(Query::Item(OneItem { key, id, look })).await
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    #[test]
    fn keys_may_name_items() {
        let named = |keys: &str| -> Vec<String> {
            let ids = |one: &Wanted| one.ids.iter().map(|id| id.0).collect::<Vec<_>>();
            wanted(keys).iter().map(|one| format!("{}{:?}", one.key, ids(one))).collect()
        };
        assert_eq!(named("jars, makers"), ["jars[]", "makers[]"]);
        assert_eq!(named("jars[_id=7],jars[_id=9]"), ["jars[7, 9]"]);
        assert_eq!(named("jars[_id=7],jars"), ["jars[]"]);
        assert_eq!(named("jars[_id=x],,"), ["jars[_id=x][]"]);
        assert!(named("").is_empty());
    }
}
