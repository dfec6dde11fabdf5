//! Varnish, with the VCL of `deploy/varnish`. The facts are those of the manual pages `vmod_xkey(3)`, varnishd(1) and
//! vcl(7).

use ::http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::batches::batches;
use super::{Answered, Outcome, Part, Told, Wanted, bare, secret};
use crate::content::cdn::Means;

/// How long the keys of one request may be: a header has at most 8 KB there (`http_req_hdr_len`), its name included.
const LONGEST: usize = 7_000;

const XKEY_PURGE: HeaderName = HeaderName::from_static("xkey-purge");
const XKEY_SOFTPURGE: HeaderName = HeaderName::from_static("xkey-softpurge");
const BAN_KEYS: HeaderName = HeaderName::from_static("x-ban-keys");
/// By which whoever is not told apart by address shows that they may purge.
const TOKEN: HeaderName = HeaderName::from_static("x-purge-token");

pub(super) fn parts(told: &Told<'_>, with: Means, wanted: &Wanted) -> Result<Vec<Part>, String> {
    let allowed = if told.token.is_empty() { HeaderMap::new() } else { secret(TOKEN, told.token)? };
    let (purge, ban) = (method(b"PURGE"), method(b"BAN"));
    let server = format!("{}/", told.name);
    Ok(match wanted {
        Wanted::Keys(keys) => {
            let (method, header) = match with {
                Means::Xkey if told.cdn.soft => (purge, XKEY_SOFTPURGE),
                Means::Xkey => (purge, XKEY_PURGE),
                Means::Bans => (ban, BAN_KEYS),
            };
            // Escaped, a key may be longer than it is.
            let spelled: Vec<String> = match with {
                Means::Xkey => keys.clone(),
                Means::Bans => keys.iter().map(|key| regex::escape(key)).collect(),
            };
            let separator = if with == Means::Xkey { " " } else { "|" };
            let mut from = 0;
            let mut parts = Vec::new();
            for piece in batches(&spelled, usize::MAX, LONGEST) {
                let mut headers = allowed.clone();
                let value = HeaderValue::from_str(&piece.join(separator));
                headers.insert(header.clone(), value.map_err(|_| "A key cannot be written in a header.".to_owned())?);
                let drops = keys[from..from + piece.len()].to_vec();
                from += piece.len();
                parts.push(Part { request: bare(method.clone(), server.clone(), headers), drops });
            }
            parts
        }
        Wanted::Addresses(addresses) => addresses
            .iter()
            .map(|address| {
                let mut headers = allowed.clone();
                // Objects are found by path and host.
                let (host, path) = host_and_path(address);
                if let Ok(host) = HeaderValue::from_str(host) {
                    headers.insert(HeaderName::from_static("x-purge-host"), host);
                }
                Part {
                    request: bare(purge.clone(), format!("{}{path}", told.name), headers),
                    drops: vec![address.clone()],
                }
            })
            .collect(),
        Wanted::Everything => vec![Part { request: bare(ban, server, allowed), drops: Vec::new() }],
        Wanted::Below(_) => return Err("Varnish is not told by the beginning of an address.".into()),
    })
}

fn method(name: &'static [u8]) -> Method {
    Method::from_bytes(name).unwrap_or(Method::POST)
}

fn host_and_path(address: &str) -> (&str, &str) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    match rest.find(['/', '?']) {
        Some(end) => (&rest[..end], &rest[end..]),
        None => (rest, "/"),
    }
}

/// Our VCL answers 200. Anything else comes from a VCL that does not know the method, or from what stands behind it.
pub(super) fn outcome(answered: &Answered) -> Outcome {
    match answered.status {
        200 => Outcome::Done,
        403 => Outcome::Refused(
            "It does not let this server purge: put its address into the VCL's `acl purgers`, or the same token here and there."
                .into(),
        ),
        201..=299 | 400..=499 if answered.status != 429 && answered.status != 408 => Outcome::Refused(format!(
            "Its VCL does not know how to purge (it answered {}): see deploy/varnish/default.vcl.",
            answered.status
        )),
        _ => answered.usual(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{answered, keys, target};
    use super::super::{Outcome, Part, Wanted};
    use super::{host_and_path, outcome};
    use crate::content::cdn::{Cdn, Means, Provider};

    fn parts(with: Means, soft: bool, wanted: &Wanted) -> Vec<Part> {
        let servers = vec!["http://10.0.0.7:6081".into()];
        let cdn = Cdn { soft, ..Cdn::new(Provider::Varnish { servers, with }) };
        let mut target = target(&cdn);
        target.name = "http://10.0.0.7:6081";
        target.parts(wanted).expect("requests")
    }

    /// `vmod_xkey(3)`: keys stand in a header, with spaces between them; `softpurge` keeps objects for grace.
    #[test]
    fn keys_stand_in_a_header() {
        let soft = parts(Means::Xkey, true, &keys(2)).remove(0).request;
        assert_eq!((soft.method.as_str(), soft.address.as_str()), ("PURGE", "http://10.0.0.7:6081/"));
        assert_eq!(soft.headers["xkey-softpurge"], "entry-0 entry-1");
        assert_eq!(soft.headers["x-purge-token"], "s3cret");
        let hard = parts(Means::Xkey, false, &keys(1)).remove(0).request;
        assert_eq!(hard.headers["xkey-purge"], "entry-0");
    }

    /// varnishd(1), `http_req_hdr_len`: 8 KB, the header's name included.
    #[test]
    fn a_header_stays_below_8_kb() {
        for with in [Means::Xkey, Means::Bans] {
            let Wanted::Keys(all) = keys(2_000) else { unreachable!("keys") };
            let parts = parts(with, true, &Wanted::Keys(all.clone()));
            let line = |part: &Part| part.request.headers.iter().map(|(n, v)| n.as_str().len() + v.len() + 4).max();
            assert!(parts.len() > 2 && parts.iter().all(|part| line(part) < Some(8_192)));
            assert_eq!(parts.into_iter().flat_map(|part| part.drops).collect::<Vec<_>>(), all);
        }
    }

    /// vcl(7), `ban()`: a regular expression, in which what keys are spelled with means itself.
    #[test]
    fn bans_escape_what_means_more_in_expressions() {
        let ban = parts(Means::Bans, true, &Wanted::Keys(vec!["list-1-0-a.b".into(), "any".into()])).remove(0).request;
        assert_eq!((ban.method.as_str(), ban.headers["x-ban-keys"].as_bytes()), ("BAN", &br"list\-1\-0\-a\.b|any"[..]));
    }

    #[test]
    fn addresses_keep_their_host() {
        let one = parts(Means::Xkey, true, &Wanted::Addresses(vec!["https://cms.example/v2/x?a=b".into()])).remove(0);
        assert_eq!(one.request.address, "http://10.0.0.7:6081/v2/x?a=b");
        assert_eq!(one.request.headers["x-purge-host"], "cms.example");
        assert_eq!(host_and_path("https://cms.example"), ("cms.example", "/"));
        assert_eq!(parts(Means::Bans, true, &Wanted::Everything)[0].request.method.as_str(), "BAN");
    }

    /// A VCL that passes on what it does not know has larder answer 404 or 405: nothing was purged then.
    #[test]
    fn only_the_vcl_says_that_it_is_done() {
        assert_eq!(outcome(&answered(200, "")), Outcome::Done);
        for status in [204, 403, 404, 405] {
            assert!(matches!(outcome(&answered(status, "")), Outcome::Refused(_)), "{status}");
        }
        assert!(matches!(outcome(&answered(503, "")), Outcome::Later { .. }));
    }
}
