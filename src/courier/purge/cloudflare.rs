//! Cloudflare. The facts are those of "Purge cache" and "Invalidate cached content" in its documentation
//! (<https://developers.cloudflare.com/cache/how-to/purge-cache/>) and of "Purge Cached Content" in its API reference.

use ::http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::batches::batches;
use super::{Answered, Outcome, Part, Told, Wanted, post, secret};

/// Its API.
const API: &str = "https://api.cloudflare.com/client/v4";
/// How many tags or addresses one request may name, on every plan.
const MOST: usize = 100;
/// How many beginnings of addresses.
const MOST_BEGINNINGS: usize = 30;

pub(super) fn parts(told: &Told<'_>, zone: &str, wanted: &Wanted) -> Result<Vec<Part>, String> {
    let headers = secret(AUTHORIZATION, &format!("Bearer {}", told.token))?;
    let verb = if told.cdn.soft && *wanted != Wanted::Everything { "invalidate_cache" } else { "purge_cache" };
    let address = format!("{}/zones/{zone}/{verb}", told.api(API));
    let part = |body: Value, drops: &[String]| Part {
        request: post(address.clone(), headers.clone(), &body),
        drops: drops.to_vec(),
    };
    Ok(match wanted {
        Wanted::Keys(keys) => {
            batches(keys, MOST, usize::MAX).into_iter().map(|keys| part(json!({"tags": keys}), keys)).collect()
        }
        Wanted::Addresses(addresses) => {
            batches(addresses, MOST, usize::MAX).into_iter().map(|some| part(json!({"files": some}), some)).collect()
        }
        Wanted::Below(beginnings) => batches(beginnings, MOST_BEGINNINGS, usize::MAX)
            .into_iter()
            .map(|some| {
                // They are written without a scheme.
                let bare =
                    some.iter().map(|address| address.split_once("://").map_or(address.as_str(), |(_, rest)| rest));
                part(json!({"prefixes": bare.collect::<Vec<_>>()}), some)
            })
            .collect(),
        Wanted::Everything => vec![part(json!({"purge_everything": true}), &[])],
    })
}

/// An answer says by `success` whether it was done, whatever its status is.
pub(super) fn outcome(answered: &Answered) -> Outcome {
    match answered.usual() {
        Outcome::Done if answered.json()["success"] != Value::Bool(true) => {
            Outcome::later(answered.says("It has not taken the purge"))
        }
        usual => usual,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::super::tests::{answered, keys, target, too_many};
    use super::super::{Outcome, Part, Wanted};
    use super::outcome;
    use crate::content::cdn::{By, Cdn, Provider};

    fn cdn(soft: bool) -> Cdn {
        Cdn { soft, ..Cdn::new(Provider::Cloudflare { zone: "023e".into(), by: By::Keys }) }
    }

    fn parts(soft: bool, wanted: &Wanted) -> Vec<Part> {
        target(&cdn(soft)).parts(wanted).expect("requests")
    }

    fn body(part: &Part) -> Value {
        serde_json::from_slice(&part.request.body).expect("JSON")
    }

    /// "Purge cache", "Availability and limits": at most 100 operations in one request, on every plan.
    #[test]
    fn tags_go_in_batches_of_100() {
        let sizes = |count| parts(false, &keys(count)).iter().map(|part| part.drops.len()).collect::<Vec<_>>();
        assert_eq!((sizes(100), sizes(101), sizes(230)), (vec![100], vec![100, 1], vec![100, 100, 30]));
        let one = parts(false, &keys(2)).remove(0);
        assert_eq!(one.request.address, "https://api.cloudflare.com/client/v4/zones/023e/purge_cache");
        assert_eq!(one.request.headers["authorization"], "Bearer s3cret");
        assert_eq!(body(&one), json!({"tags": ["entry-0", "entry-1"]}));
    }

    /// "Purge cache by prefix (URL)": at most 30 prefixes in one call, each a host and a path. "Purge by single-file":
    /// whole addresses.
    #[test]
    fn without_tags_addresses_and_their_beginnings_are_named() {
        let below = (0..31).map(|id| format!("https://cms.example/media/{id}")).collect();
        let below = parts(false, &Wanted::Below(below));
        assert_eq!((below.len(), below[0].drops.len()), (2, 30));
        assert_eq!(body(&below[1]), json!({"prefixes": ["cms.example/media/30"]}));
        let files = parts(false, &Wanted::Addresses(vec!["https://cms.example/v2/x?a=b".into()]));
        assert_eq!(body(&files[0]), json!({"files": ["https://cms.example/v2/x?a=b"]}));
    }

    /// "Invalidate cached content": the same selectors at `invalidate_cache` mark as stale, which may be served while
    /// the origin fails. A person who purges everything wants it gone.
    #[test]
    fn soft_is_another_endpoint() {
        let address = |soft, wanted: &Wanted| parts(soft, wanted).remove(0).request.address;
        assert!(address(true, &keys(1)).ends_with("/zones/023e/invalidate_cache"));
        assert!(address(true, &Wanted::Everything).ends_with("/zones/023e/purge_cache"));
        assert_eq!(body(&parts(true, &Wanted::Everything)[0]), json!({"purge_everything": true}));
    }

    /// "Purge cache", "Availability and limits": a token bucket for each plan; "Error 429": `Retry-After` may say when.
    #[test]
    fn too_many_purges_wait_as_long_as_they_are_told() {
        let said = r#"{"success":false,"errors":[{"code":1134,"message":"Unable to purge, rate limit reached."}]}"#;
        let outcome = outcome(&too_many(12, said));
        let Outcome::Later { after, why } = outcome else { panic!("{outcome:?}") };
        assert_eq!(after, Some(Duration::from_secs(12)));
        assert_eq!(why, "Too many purges in a short time (it answered 429: Unable to purge, rate limit reached).");
    }

    /// "Purge Cached Content" in the API reference: `success` and `errors` say what became of it.
    #[test]
    fn success_is_what_the_body_says() {
        assert_eq!(outcome(&answered(200, r#"{"success":true,"errors":[]}"#)), Outcome::Done);
        let not = outcome(&answered(200, r#"{"success":false,"errors":[{"message":"Busy"}]}"#));
        assert_eq!(not, Outcome::later("It has not taken the purge (it answered 200: Busy)."));
        let wrong = r#"{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}"#;
        assert!(
            matches!(outcome(&answered(403, wrong)), Outcome::Refused(why) if why.contains("Authentication error"))
        );
    }
}
