//! A site's settings: their names, types, defaults and what they do.

use serde_json::{Map, Value};

use super::html::Cleaner;

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
            name: "clean_api_html",
            kind: Kind::Switch(false),
            help: "remove what is dangerous also from HTML that programs write",
        },
        Self {
            name: "embed_providers",
            kind: Kind::Text("youtube.com youtube-nocookie.com vimeo.com"),
            help: "hosts whose frames may stand in HTML that people write",
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
            (Kind::Text(_), _) => Err(format!("`{}` is a text", self.name)),
            (Kind::Switch(_), other) => {
                switch(other).map(Value::Bool).ok_or_else(|| format!("`{}` is a switch: true or false", self.name))
            }
        }
    }
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
    /// Whether what programs write is cleaned like what people write.
    pub clean_api_html: bool,
    /// Hosts whose frames cleaning keeps, with the hosts below them.
    pub embed_providers: String,
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
            clean_api_html: value(set, "clean_api_html") == Value::Bool(true),
            embed_providers: text("embed_providers"),
        }
    }

    /// What cleans the HTML that people write.
    pub fn cleaner(&self) -> Cleaner {
        Cleaner::new(&self.embed_providers)
    }

    /// What cleans the HTML that programs write; `None` when it is stored as sent.
    pub fn api_cleaner(&self) -> Option<Cleaner> {
        self.clean_api_html.then(|| self.cleaner())
    }
}

fn value(set: &Map<String, Value>, name: &str) -> Value {
    let Some(setting) = Setting::find(name) else { return Value::Null };
    set.get(name).and_then(|value| setting.check(value).ok()).unwrap_or_else(|| setting.default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Setting, Settings};

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
