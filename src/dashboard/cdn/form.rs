//! The form of a CDN.

use std::collections::BTreeMap;

use crate::content::cdn::{By, Cdn, Means, Provider, Separator, Template};
use crate::content::field::Problem;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;

/// The providers, as they are written and as people read them.
pub(super) const NAMES: [(&str, &str); 5] = [
    ("fastly", "Fastly"),
    ("cloudflare", "Cloudflare"),
    ("bunny", "bunny.net"),
    ("varnish", "Varnish"),
    ("http", "Other"),
];

type Fields = BTreeMap<String, String>;

/// What stands in the fields: what is set up, else what is usual.
pub(super) fn filled(cdn: Option<&Cdn>) -> Fields {
    let mut fields = Fields::new();
    let mut put = |name: &str, value: String| drop(fields.insert(name.to_owned(), value));
    put("carries", "Surrogate-Key".into());
    put("method", "POST".into());
    put("separator", "space".into());
    put("at_once", "100".into());
    put("by", "keys".into());
    put("with", "xkey".into());
    put("soft", "true".into());
    put("stale_while_revalidate", "0".into());
    put("again_after", "2".into());
    let Some(cdn) = cdn else { return fields };
    put("soft", if cdn.soft { "true" } else { "" }.into());
    put("stale_while_revalidate", cdn.stale_while_revalidate.to_string());
    put("again_after", cdn.again_after.to_string());
    match &cdn.provider {
        Provider::Fastly { service } => put("service", service.clone()),
        Provider::Cloudflare { zone, by } | Provider::Bunny { zone, by } => {
            put("zone", zone.clone());
            put("by", word_of(*by).into());
        }
        Provider::Varnish { servers, with } => {
            put("servers", servers.join("\n"));
            put("with", if *with == Means::Bans { "bans" } else { "xkey" }.into());
        }
        Provider::Http(template) => {
            put("method", template.method.clone());
            put("address", template.address.clone());
            let lines: Vec<String> = template.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            put("headers", lines.join("\n"));
            put("body", template.body.clone());
            put("carries", template.carries.clone());
            put("separator", if template.separator == Separator::Comma { "comma" } else { "space" }.into());
            put("at_once", template.at_once.to_string());
        }
    }
    fields
}

/// What was typed, but for the secret.
pub(super) fn again(sent: &Sent) -> Fields {
    let mut fields = sent.again();
    fields.remove("token");
    // A box that is not ticked is not sent.
    fields.entry("soft".into()).or_default();
    fields
}

/// Reads the form. What only the command line says stays, as long as the same servers are meant.
///
/// # Errors
/// By the names of fields, what cannot be understood.
pub(super) fn read(sent: &Sent, before: Option<&Cdn>) -> Result<Cdn, Refused> {
    let mut problems = Vec::new();
    let text = |name: &str| sent.text(name).trim().to_owned();
    let mut number = |name: &str, most: u32| match text(name).parse::<u32>() {
        Ok(number) if number <= most => number,
        _ => {
            problems.push(Problem { path: name.into(), text: format!("A whole number from 0 to {most}.") });
            0
        }
    };
    let by = || match sent.text("by") {
        "addresses" => By::Addresses,
        "everything" => By::Everything,
        _ => By::Keys,
    };
    let stale_while_revalidate = number("stale_while_revalidate", 86_400);
    let again_after = u16::try_from(number("again_after", 300)).unwrap_or(0);
    let provider = match sent.text("provider") {
        "fastly" => Provider::Fastly { service: text("service") },
        "cloudflare" => Provider::Cloudflare { zone: text("zone"), by: by() },
        "bunny" => Provider::Bunny { zone: text("zone"), by: by() },
        "varnish" => {
            let lines = sent.text("servers").split_whitespace();
            Provider::Varnish {
                servers: lines.map(|server| server.trim_end_matches('/').to_owned()).collect(),
                with: if sent.text("with") == "bans" { Means::Bans } else { Means::Xkey },
            }
        }
        "http" => Provider::Http(Template {
            at_once: u16::try_from(number("at_once", 1_000)).unwrap_or(0),
            method: text("method"),
            address: text("address"),
            headers: sent.text("headers").lines().filter(|line| !line.trim().is_empty()).map(split).collect(),
            body: sent.text("body").to_owned(),
            carries: text("carries"),
            separator: if sent.text("separator") == "comma" { Separator::Comma } else { Separator::Space },
        }),
        _ => return Err(Refused::not_found()),
    };
    if !problems.is_empty() {
        return Err(Refused::invalid(&problems));
    }
    let soft = sent.find("soft").is_some();
    let mut cdn = Cdn { soft, stale_while_revalidate, again_after, ..Cdn::new(provider) };
    if let Some(before) = before.filter(|before| whom(before) == whom(&cdn)) {
        cdn.allow_private = before.allow_private;
        cdn.api = before.api.clone();
    }
    Ok(cdn)
}

fn split(line: &str) -> (String, String) {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    (name.trim().to_owned(), value.trim().to_owned())
}

fn word_of(by: By) -> &'static str {
    match by {
        By::Keys => "keys",
        By::Addresses => "addresses",
        By::Everything => "everything",
    }
}

/// Which servers are asked.
fn whom(cdn: &Cdn) -> (&'static str, Vec<String>) {
    let servers = match &cdn.provider {
        Provider::Varnish { servers, .. } => servers.clone(),
        Provider::Http(template) => {
            let server = crate::content::settings::origin(&template.address).unwrap_or_default();
            vec![server.to_owned()]
        }
        _ => Vec::new(),
    };
    (cdn.provider.name(), servers)
}
