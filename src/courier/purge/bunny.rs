//! bunny.net. The facts are those of "Purge Cache" and "Purge Rate Limits" in its documentation
//! (<https://docs.bunny.net/cdn/purge-cache>) and of "Purge URL" and "Purge Cache" in its API reference.

use ::http::{HeaderName, Method};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Answered, Outcome, Part, Told, Wanted, bare, post, secret};

/// Its API.
const API: &str = "https://api.bunny.net";
/// The most keys of one purge. Each takes a request of its own, and about twenty in a row are let through.
pub(super) const MOST_KEYS: usize = 16;

const ACCESS_KEY: HeaderName = HeaderName::from_static("accesskey");

pub(super) fn parts(told: &Told<'_>, zone: &str, wanted: &Wanted) -> Result<Vec<Part>, String> {
    let api = told.api(API);
    let headers = secret(ACCESS_KEY, told.token)?;
    let by_address = |address: &String, rest: &str| {
        let escaped = utf8_percent_encode(address, NON_ALPHANUMERIC);
        let request = bare(Method::POST, format!("{api}/purge?url={escaped}{rest}"), headers.clone());
        Part { request, drops: vec![address.clone()] }
    };
    let zone = format!("{api}/pullzone/{zone}/purgeCache");
    Ok(match wanted {
        Wanted::Keys(keys) => keys
            .iter()
            .map(|key| Part {
                request: post(zone.clone(), headers.clone(), &json!({ "CacheTag": key })),
                drops: vec![key.clone()],
            })
            .collect(),
        Wanted::Addresses(addresses) => addresses.iter().map(|one| by_address(one, "&exactPath=true")).collect(),
        Wanted::Below(beginnings) => beginnings.iter().map(|one| by_address(one, "%2A")).collect(),
        Wanted::Everything => vec![Part { request: bare(Method::POST, zone, headers), drops: Vec::new() }],
    })
}

pub(super) fn outcome(answered: &Answered) -> Outcome {
    answered.usual()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::super::tests::{keys, target, too_many};
    use super::super::{Outcome, Part, Wanted};
    use super::outcome;
    use crate::content::cdn::{By, Cdn, Provider};
    use crate::content::key::Key;

    fn cdn() -> Cdn {
        Cdn::new(Provider::Bunny { zone: "4711".into(), by: By::Keys })
    }

    fn parts(wanted: &Wanted) -> Vec<Part> {
        target(&cdn()).parts(wanted).expect("requests")
    }

    /// "Purge Cache", "Purge by tag": one `CacheTag` in a request, the key of the account in `AccessKey`.
    #[test]
    fn each_tag_is_a_request() {
        let parts = parts(&keys(3));
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[0].request.address, "https://api.bunny.net/pullzone/4711/purgeCache");
        assert_eq!(parts[0].request.headers["accesskey"], "s3cret");
        let body: Value = serde_json::from_slice(&parts[2].request.body).expect("JSON");
        assert_eq!(body, json!({"CacheTag": "entry-2"}));
    }

    /// "Purge Rate Limits": a burst of 20 and one in two seconds from then on. A change with more keys names the one
    /// that everything carries.
    #[test]
    fn a_change_with_many_keys_names_few() {
        let slugs = (0..17).map(|id| Key::Slug(format!("pages/{id}"))).collect();
        assert_eq!(target(&cdn()).after(&slugs), Some(Wanted::Keys(vec!["model".into()])));
    }

    /// "Purge Cache", "Full Pull Zone purge": the same address without a body.
    #[test]
    fn everything_is_a_pull_zone_without_a_tag() {
        let all = parts(&Wanted::Everything).remove(0).request;
        assert_eq!((all.address.as_str(), all.body.len()), ("https://api.bunny.net/pullzone/4711/purgeCache", 0));
    }

    /// "Purge URL": the address in `url`; `*` at its end means all below it; `exactPath` keeps one that ends with `/`
    /// from meaning that too.
    #[test]
    fn addresses_are_one_by_one() {
        let one = parts(&Wanted::Addresses(vec!["https://cms.example/v2/posts/".into()])).remove(0);
        assert_eq!(
            one.request.address,
            "https://api.bunny.net/purge?url=https%3A%2F%2Fcms%2Eexample%2Fv2%2Fposts%2F&exactPath=true"
        );
        let all = parts(&Wanted::Below(vec!["https://cms.example/v2".into()])).remove(0);
        assert_eq!(all.request.address, "https://api.bunny.net/purge?url=https%3A%2F%2Fcms%2Eexample%2Fv2%2A");
    }

    /// "Purge Rate Limits": 429 with guidance on when to try again.
    #[test]
    fn too_many_purges_wait() {
        let outcome = outcome(&too_many(2, ""));
        assert!(matches!(outcome, Outcome::Later { after: Some(pause), .. } if pause == Duration::from_secs(2)));
    }
}
