//! Anything that can be told by HTTP, by a template.

use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::batches::batches;
use super::{Part, Told, Wanted};
use crate::content::cdn::Template;
use crate::content::key::Key;
use crate::fetch::Request;

/// How long the keys of one request may be: they may stand in a header or an address.
const LONGEST: usize = 7_000;

pub(super) fn parts(told: &Told<'_>, template: &Template, wanted: &Wanted) -> Result<Vec<Part>, String> {
    let all = [Key::Model.to_string()];
    let keys = match wanted {
        Wanted::Keys(keys) => keys.as_slice(),
        // Every answer carries it.
        Wanted::Everything => &all,
        Wanted::Addresses(_) | Wanted::Below(_) => {
            return Err("A template says how keys are purged, not addresses.".into());
        }
    };
    let pieces = batches(keys, usize::from(template.at_once), LONGEST).into_iter();
    pieces.map(|keys| Ok(Part { request: request(told, template, keys)?, drops: keys.to_vec() })).collect()
}

fn request(told: &Told<'_>, template: &Template, keys: &[String]) -> Result<Request, String> {
    let joined = keys.join(template.separator.as_char().to_string().as_str());
    let array = json!(keys).to_string();
    let soft = if told.cdn.soft { "1" } else { "0" };
    let filled = |text: &str, keys: &str, array: &str| {
        fill(text, &[("{keys}", keys), ("{keys_json}", array), ("{soft}", soft), ("{token}", told.token)])
    };
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut headers = HeaderMap::new();
    for (name, value) in &template.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name} is no name of a header."))?;
        let mut value = HeaderValue::from_str(&filled(value, &joined, &array))
            .map_err(|_| format!("What is said in {name} cannot stand in a header."))?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    let method = Method::from_bytes(template.method.as_bytes());
    Ok(Request {
        method: method.map_err(|_| format!("{} is no method.", template.method))?,
        address: filled(&template.address, &escaped(&joined), &escaped(&array)),
        headers,
        body: filled(&template.body, &joined, &array).into(),
    })
}

/// Puts values where their names stand, in one pass: what a value holds stays as it is.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('{') {
        filled.push_str(&rest[..place]);
        rest = &rest[place..];
        let found = values.iter().find(|(name, _)| rest.starts_with(name));
        let (taken, put) = found.map_or((1, "{"), |(name, value)| (name.len(), value));
        filled.push_str(put);
        rest = &rest[taken..];
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::super::Wanted;
    use super::super::tests::{keys, target};
    use super::fill;
    use crate::content::cdn::{Cdn, Provider, Separator, Template};

    fn cdn(template: Template) -> Cdn {
        Cdn::new(Provider::Http(template))
    }

    fn template() -> Template {
        Template {
            method: "POST".into(),
            address: "https://edge.example/purge?tags={keys}".into(),
            headers: vec![("X-Keys".into(), "{keys}".into()), ("Authorization".into(), "Bearer {token}".into())],
            body: r#"{"tags": {keys_json}, "soft": {soft}}"#.into(),
            carries: "X-Keys".into(),
            separator: Separator::Comma,
            at_once: 2,
        }
    }

    #[test]
    fn a_template_is_filled_in_for_as_many_keys_as_it_takes() {
        let parts = target(&cdn(template())).parts(&keys(3)).expect("requests");
        assert_eq!(parts.len(), 2);
        let first = &parts[0].request;
        assert_eq!(first.address, "https://edge.example/purge?tags=entry%2D0%2Centry%2D1");
        assert_eq!(
            (&first.headers["x-keys"], &first.headers["authorization"]),
            (&"entry-0,entry-1".parse().expect("a value"), &"Bearer s3cret".parse().expect("a value"))
        );
        assert_eq!(first.body, r#"{"tags": ["entry-0","entry-1"], "soft": 1}"#);
        let all = target(&cdn(template())).parts(&Wanted::Everything).expect("requests");
        assert_eq!(all[0].drops, ["model"]);
    }

    #[test]
    fn values_are_not_templates() {
        assert_eq!(fill("{a}{b}{c} {", &[("{a}", "{b}"), ("{b}", "x")]), "{b}x{c} {");
    }
}
