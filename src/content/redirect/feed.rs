//! Redirects as hosts read them.

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Rule, Status};

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Host {
    /// The file `_redirects` of Netlify and Cloudflare Pages. It knows no 410: those are comments.
    Netlify,
    /// Maps for nginx, one for each status: `$larder_301` is where `$uri` leads, or empty.
    Nginx,
    /// A JSON array.
    Json,
}

impl Host {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Netlify, Self::Nginx, Self::Json];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Netlify => "netlify",
            Self::Nginx => "nginx",
            Self::Json => "json",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|host| host.as_str() == word)
    }

    /// What it reads.
    pub fn text<'r>(self, rules: impl Iterator<Item = &'r Rule>) -> String {
        match self {
            Self::Netlify => netlify(rules),
            Self::Nginx => nginx(&rules.collect::<Vec<_>>()),
            Self::Json => json!(rules.collect::<Vec<_>>()).to_string(),
        }
    }
}

fn netlify<'r>(rules: impl Iterator<Item = &'r Rule>) -> String {
    let line = |rule: &Rule| match &rule.to {
        Some(to) => format!("{} {to} {}\n", rule.from, rule.status.number()),
        None => format!("# {} is gone (410)\n", rule.from),
    };
    rules.map(line).collect()
}

fn nginx(rules: &[&Rule]) -> String {
    let mut text = String::new();
    for status in Status::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "map $uri $larder_{} {{\n    default \"\";", status.number());
        for rule in rules.iter().filter(|rule| rule.status == status) {
            // `$uri` is decoded, and hosts take both spellings of a path for one.
            let from = percent_decode_str(&rule.from).decode_utf8_lossy();
            let to = rule.to.as_deref().unwrap_or("gone").replace('$', "%24");
            let slashed = if from == "/" { None } else { Some(format!("{from}/")) };
            for from in [Some(from.into_owned()), slashed].into_iter().flatten() {
                let _ = writeln!(text, "    {} {};", quoted(&from), quoted(&to));
            }
        }
        text.push_str("}\n");
    }
    text
}

/// A word of nginx's configuration.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// All redirects as a table that spreadsheets read.
pub fn csv<'r>(rules: impl Iterator<Item = &'r Rule>) -> String {
    let cell = |text: &str| match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let line = |rule: &Rule| {
        let to = rule.to.as_deref().unwrap_or_default();
        format!("{},{},{}\n", cell(&rule.from), cell(to), rule.status.number())
    };
    std::iter::once("from,to,status\n".to_owned()).chain(rules.map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Host, Rule, csv};

    fn rules() -> Vec<Rule> {
        [("/crème \"b\"", "/new?price=$5", "301"), ("/a,b", "https://example.com/", "302"), ("/gone", "", "410")]
            .map(|(from, to, status)| Rule::parse(from, to, status).expect("a rule"))
            .to_vec()
    }

    #[test]
    fn each_host_reads_its_own_language() {
        let rules = rules();
        let netlify = Host::Netlify.text(rules.iter());
        assert_eq!(
            netlify,
            "/cr%C3%A8me%20%22b%22 /new?price=$5 301\n/a,b https://example.com/ 302\n# /gone is gone (410)\n"
        );
        let nginx = Host::Nginx.text(rules.iter());
        assert!(nginx.contains("    \"/crème \\\"b\\\"/\" \"/new?price=%245\";"), "{nginx}");
        assert!(nginx.contains("map $uri $larder_410 {\n    default \"\";\n    \"/gone\" \"gone\";"), "{nginx}");
        assert!(nginx.contains("map $uri $larder_307 {\n    default \"\";\n}"), "{nginx}");
        assert!(Host::Json.text(rules.iter()).ends_with(r#"{"from":"/gone","to":null,"status":410}]"#));
        assert!(csv(rules.iter()).starts_with("from,to,status\n/cr%C3%A8me%20%22b%22,/new?price=$5,301\n\"/a,b\","));
    }
}
