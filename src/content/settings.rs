//! A site's settings: their names, types, defaults and what they do.

use serde_json::{Map, Value};

use super::moment::Zone;

/// One setting that can be set.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name on the command line and in archives.
    pub name: &'static str,
    /// What it holds, with its default.
    pub kind: Kind,
    /// What it does, in one line.
    pub help: &'static str,
}

/// What a setting holds, and its value when it was never set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text(&'static str),
    /// Yes or no.
    Switch(bool),
    /// An `http` or `https` address with placeholders such as `{slug}`, or nothing.
    Address(&'static [&'static str]),
    /// A time zone's name.
    Zone(&'static str),
}

impl Setting {
    /// Every setting there is.
    pub const ALL: &[Self] = &[
        Self { name: "site_name", kind: Kind::Text(""), help: "what the site is called" },
        Self { name: "blog_title", kind: Kind::Text("Latest blog posts"), help: "the title of the RSS and Atom feeds" },
        Self {
            name: "blog_url_prefix",
            kind: Kind::Text(""),
            help: "what stands before a post's slug in its `url` and in feeds: https://example.com/blog/",
        },
        Self {
            name: "serve_draft_posts",
            kind: Kind::Switch(false),
            help: "answer a single post whatever its status, as ButterCMS does",
        },
        Self {
            name: "alt_text_required",
            kind: Kind::Switch(true),
            help: "refuse to publish in the dashboard while a picture has no alternative text",
        },
        Self {
            name: "time_zone",
            kind: Kind::Zone("UTC"),
            help: "the time zone of the dashboard's dates: Europe/Oslo",
        },
        Self {
            name: "preview_url",
            kind: Kind::Address(&["token", "slug", "type", "id", "locale"]),
            help: "where the site shows drafts: https://example.com/preview?token={token}&slug={slug}",
        },
        Self {
            name: "page_url",
            kind: Kind::Address(&["slug", "type", "id", "locale"]),
            help: "where the site shows a page: https://example.com/{slug}",
        },
    ];

    /// The setting with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|setting| setting.name == name)
    }

    /// Its value when it was never set.
    pub fn default(&self) -> Value {
        match self.kind {
            Kind::Text(text) => text.into(),
            Kind::Switch(on) => on.into(),
            Kind::Address(_) => "".into(),
            Kind::Zone(name) => name.into(),
        }
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// A sentence that says what is expected.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        self.check(&Value::String(text.into()))
    }

    /// Reads a JSON value; switches also take the words people use for yes and no.
    ///
    /// # Errors
    /// A sentence that says what is expected.
    pub fn check(&self, value: &Value) -> Result<Value, String> {
        match (self.kind, value) {
            (Kind::Text(_), Value::String(_)) | (Kind::Switch(_), Value::Bool(_)) => Ok(value.clone()),
            (Kind::Address(places), Value::String(text)) => {
                check_address(text, places).map_err(|why| format!("`{}` {why}", self.name))?;
                Ok(value.clone())
            }
            (Kind::Zone(_), Value::String(name)) => match Zone::find(name) {
                Some(_) => Ok(value.clone()),
                None => Err(format!("`{}` is the name of a time zone, such as Europe/Oslo or UTC", self.name)),
            },
            (Kind::Text(_) | Kind::Address(_) | Kind::Zone(_), _) => Err(format!("`{}` is a text", self.name)),
            (Kind::Switch(_), other) => {
                switch(other).map(Value::Bool).ok_or_else(|| format!("`{}` is a switch: true or false", self.name))
            }
        }
    }
}

/// Checks an address with placeholders; an empty one is none.
fn check_address(text: &str, places: &[&str]) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if origin(text).is_none() {
        return Err("is an address that begins with http:// or https://".into());
    }
    let named = text.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name));
    for name in named {
        if !places.contains(&name) {
            return Err(format!("may hold {{{}}}, but not {{{name}}}", places.join("}, {")));
        }
    }
    let missing = ["token", "slug"].iter().find(|name| places.contains(name) && !text.contains(&format!("{{{name}}}")));
    match missing {
        // Without a slug, the entry's id leads to it as well.
        Some(&"slug") if text.contains("{id}") => Ok(()),
        Some(name) => Err(format!("must hold {{{name}}}")),
        None => Ok(()),
    }
}

/// Scheme, host and port of an address; `None` when it is no `http` or `https` address, or holds what does
/// not belong into a header.
pub fn origin(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    let fits = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') && host.chars().all(plain);
    fits.then(|| &address[..address.len() - rest.len() + host.len()])
}

fn switch(value: &Value) -> Option<bool> {
    match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" | "" => Some(false),
        _ => None,
    }
}

/// A site's settings, each as it was set or else its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What the site is called.
    pub site_name: String,
    /// The title of the RSS and Atom feeds.
    pub blog_title: String,
    /// What stands before a post's slug; `None` when there is nothing.
    pub blog_url_prefix: Option<String>,
    /// Whether a single post is answered whatever its status.
    pub serve_draft_posts: bool,
    /// Whether pictures without alternative text keep an entry from going live in the dashboard.
    pub alt_text_required: bool,
    /// The zone of the dashboard's dates.
    pub time_zone: String,
    /// Where the site shows drafts, with placeholders.
    pub preview_url: Option<String>,
    /// Where the site shows a page, with placeholders.
    pub page_url: Option<String>,
}

impl Settings {
    /// Reads what was set. A value that makes no sense counts as never set: nothing that reads settings
    /// could do better.
    pub fn read(set: &Map<String, Value>) -> Self {
        let text = |name| match value(set, name) {
            Value::String(text) => text,
            _ => String::new(),
        };
        Self {
            site_name: text("site_name"),
            blog_title: text("blog_title"),
            blog_url_prefix: Some(text("blog_url_prefix")).filter(|prefix| !prefix.is_empty()),
            serve_draft_posts: value(set, "serve_draft_posts") == Value::Bool(true),
            alt_text_required: value(set, "alt_text_required") == Value::Bool(true),
            time_zone: text("time_zone"),
            preview_url: Some(text("preview_url")).filter(|address| !address.is_empty()),
            page_url: Some(text("page_url")).filter(|address| !address.is_empty()),
        }
    }
}

fn value(set: &Map<String, Value>, name: &str) -> Value {
    let Some(setting) = Setting::find(name) else { return Value::Null };
    set.get(name).and_then(|value| setting.check(value).ok()).unwrap_or_else(|| setting.default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Setting, Settings, origin};

    #[test]
    fn addresses_have_the_placeholders_they_need_and_no_others() {
        let setting = Setting::find("preview_url").expect("known");
        for good in ["", "https://a.example/p?t={token}&s={slug}", "http://localhost:3000/{id}?{token}"] {
            assert!(setting.parse(good).is_ok(), "{good}");
        }
        for bad in ["a.example/{token}{slug}", "https://a.example/{slug}", "https://a b/{token}{slug}", "https://a.example/{token}{slug}{x}"] {
            assert!(setting.parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_fit_for_a_header() {
        assert_eq!(origin("https://a.example:8443/x?y"), Some("https://a.example:8443"));
        for odd in ["ftp://a", "https://", "https://a;b/", "https://a b", "https://*/", "https://u@h/"] {
            assert_eq!(origin(odd), None, "{odd}");
        }
    }

    #[test]
    fn zones_are_those_of_the_tz_database() {
        let setting = Setting::find("time_zone").expect("known");
        assert!(setting.parse("Europe/Oslo").is_ok() && setting.parse("Middle/Earth").is_err());
    }

    #[test]
    fn what_was_never_set_has_its_default() {
        let settings = Settings::read(&serde_json::Map::new());
        assert_eq!(settings.blog_title, "Latest blog posts");
        assert_eq!(settings.blog_url_prefix, None);
        assert!(!settings.serve_draft_posts);
    }

    #[test]
    fn switches_take_the_words_people_use() {
        let setting = Setting::find("serve_draft_posts").expect("known");
        assert_eq!(setting.parse("true"), Ok(json!(true)));
        assert_eq!(setting.parse("Off"), Ok(json!(false)));
        assert!(setting.parse("perhaps").is_err());
        assert!(Setting::find("site_name").expect("known").check(&json!(1)).is_err());
    }
}
