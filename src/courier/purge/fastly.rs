//! Fastly. The facts are those of "Purging" in its API reference
//! (<https://www.fastly.com/documentation/reference/api/purging/>).

use ::http::{HeaderName, HeaderValue, Method};
use serde_json::json;

use super::batches::batches;
use super::{Answered, Outcome, Part, Told, Wanted, bare, post, secret};

/// Its API.
const API: &str = "https://api.fastly.com";
/// How many keys one request may name.
const MOST: usize = 256;

const FASTLY_KEY: HeaderName = HeaderName::from_static("fastly-key");
const FASTLY_SOFT_PURGE: HeaderName = HeaderName::from_static("fastly-soft-purge");

pub(super) fn parts(told: &Told<'_>, service: &str, wanted: &Wanted) -> Result<Vec<Part>, String> {
    let api = told.api(API);
    let hard = secret(FASTLY_KEY, told.token)?;
    let mut headers = hard.clone();
    if told.cdn.soft {
        headers.insert(FASTLY_SOFT_PURGE, HeaderValue::from_static("1"));
    }
    Ok(match wanted {
        Wanted::Keys(keys) => batches(keys, MOST, usize::MAX)
            .into_iter()
            .map(|keys| Part {
                request: post(
                    format!("{api}/service/{service}/purge"),
                    headers.clone(),
                    &json!({ "surrogate_keys": keys }),
                ),
                drops: keys.to_vec(),
            })
            .collect(),
        Wanted::Addresses(addresses) => addresses
            .iter()
            .map(|address| Part {
                // The address stands there without its scheme.
                request: bare(
                    Method::POST,
                    format!("{api}/purge/{}", address.split_once("://").map_or(address.as_str(), |(_, rest)| rest)),
                    headers.clone(),
                ),
                drops: vec![address.clone()],
            })
            .collect(),
        // There is no soft form of it.
        Wanted::Everything => {
            let request = bare(Method::POST, format!("{api}/service/{service}/purge_all"), hard);
            vec![Part { request, drops: Vec::new() }]
        }
        Wanted::Below(_) => return Err("Fastly does not purge by the beginning of an address.".into()),
    })
}

/// A purge of keys is answered with an object that has an id for each key that was taken.
pub(super) fn outcome(part: &Part, answered: &Answered) -> Outcome {
    let usual = answered.usual();
    let keys = part.request.address.ends_with("/purge");
    if usual != Outcome::Done || !keys {
        return usual;
    }
    let taken = answered.json();
    let left = part.drops.iter().filter(|key| taken.get(key.as_str()).is_none()).count();
    if left == 0 { usual } else { Outcome::later(format!("It has not taken {left} of {} keys.", part.drops.len())) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{answered, keys, target};
    use super::super::{Outcome, Part, Wanted};
    use super::outcome;
    use crate::content::cdn::{Cdn, Provider};

    fn cdn(soft: bool) -> Cdn {
        Cdn { soft, ..Cdn::new(Provider::Fastly { service: "SU1Z".into() }) }
    }

    fn parts(cdn: &Cdn, wanted: &Wanted) -> Vec<Part> {
        target(cdn).parts(wanted).expect("requests")
    }

    /// "Purging" in the API reference, "Purge multiple surrogate key tags": up to 256 keys in one batch request, the
    /// token in `Fastly-Key`, keys in a JSON body.
    #[test]
    fn keys_go_in_batches_of_256() {
        let sizes = |count| parts(&cdn(true), &keys(count)).iter().map(|part| part.drops.len()).collect::<Vec<_>>();
        assert_eq!((sizes(256), sizes(257), sizes(600)), (vec![256], vec![256, 1], vec![256, 256, 88]));
        let one = parts(&cdn(true), &keys(2)).remove(0);
        assert_eq!(one.request.address, "https://api.fastly.com/service/SU1Z/purge");
        assert_eq!(one.request.headers["fastly-key"], "s3cret");
        let body: Value = serde_json::from_slice(&one.request.body).expect("JSON");
        assert_eq!(body, json!({"surrogate_keys": ["entry-0", "entry-1"]}));
    }

    /// "Purging", "Soft purge": `Fastly-Soft-Purge: 1` marks as stale; "Purge everything from a service": it cannot be
    /// done in soft mode.
    #[test]
    fn soft_is_a_header_and_never_for_everything() {
        assert_eq!(parts(&cdn(true), &keys(1))[0].request.headers["fastly-soft-purge"], "1");
        assert!(!parts(&cdn(false), &keys(1))[0].request.headers.contains_key("fastly-soft-purge"));
        let all = parts(&cdn(true), &Wanted::Everything).remove(0).request;
        assert_eq!(all.address, "https://api.fastly.com/service/SU1Z/purge_all");
        assert!(!all.headers.contains_key("fastly-soft-purge"));
        let one = parts(&cdn(true), &Wanted::Addresses(vec!["https://cms.example/v2/x?a=b".into()])).remove(0);
        assert_eq!(one.request.address, "https://api.fastly.com/purge/cms.example/v2/x?a=b");
    }

    /// "Purging", "Purge multiple surrogate key tags": the answer maps each key to the id of its purge.
    #[test]
    fn keys_that_were_not_taken_are_not_done() {
        let part = parts(&cdn(true), &keys(2)).remove(0);
        let says = |body: &str| outcome(&part, &answered(200, body));
        assert_eq!(says(r#"{"entry-0":"1-2","entry-1":"1-3"}"#), Outcome::Done);
        assert_eq!(says(r#"{"entry-0":"1-2"}"#), Outcome::later("It has not taken 1 of 2 keys."));
        assert_eq!(says("not JSON"), Outcome::later("It has not taken 2 of 2 keys."));
        let all = parts(&cdn(true), &Wanted::Everything).remove(0);
        assert_eq!(outcome(&all, &answered(200, r#"{"status":"ok"}"#)), Outcome::Done);
    }

    /// "API tokens" in the reference: a request without the scope `purge_select` is refused; the reason is in `msg`.
    #[test]
    fn a_wrong_token_is_for_people_to_mend() {
        let part = parts(&cdn(true), &keys(1)).remove(0);
        let said = r#"{"msg":"Provided credentials are missing or invalid"}"#;
        let why = "It does not accept the token (it answered 401: Provided credentials are missing or invalid).";
        assert_eq!(outcome(&part, &answered(401, said)), Outcome::Refused(why.into()));
    }
}
