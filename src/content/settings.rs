//! A site's settings: their names, types, defaults and what they do.

use serde_json::{Map, Value};

use super::html::Cleaner;
use super::zone;

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
    /// The name of a time zone.
    Zone(&'static str),
    /// The address of a page with [`PLACES`] in it; empty when there is none.
    Pattern,
    /// Widths of pictures in pixels.
    Widths(&'static str),
}

/// The widest picture, in pixels.
const WIDEST: u32 = 10_000;
/// The most widths.
const MOST_WIDTHS: usize = 30;

/// What stands in a pattern for something of an entry; `{token}`, the key to its draft, only in `preview_url`.
pub const PLACES: [&str; 5] = ["{type}", "{slug}", "{id}", "{locale}", "{token}"];

/// The longest text, in characters.
const LONGEST: usize = 500;

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
        Self {
            name: "time_zone",
            kind: Kind::Zone("UTC"),
            help: "in which time zone the dashboard shows and asks for times: Europe/Berlin",
        },
        Self {
            name: "page_url",
            kind: Kind::Pattern,
            help: "where a page is on your site: https://example.com/{locale}/{slug}",
        },
        Self {
            name: "preview_url",
            kind: Kind::Pattern,
            help: "where your site shows a draft: https://example.com/api/preview?token={token}&slug={slug}",
        },
        Self {
            name: "alt_text_required",
            kind: Kind::Switch(true),
            help: "publish no picture without a text for those who do not see it",
        },
        Self {
            name: "only_known_image_sizes",
            kind: Kind::Switch(false),
            help: "make pictures only in sizes that are known here or in addresses that are signed, so that strangers \
                cannot keep the server busy",
        },
        Self {
            name: "image_widths",
            kind: Kind::Widths("320 400 640 800 960 1200 1600 1920 2560"),
            help: "the widths of pictures that are known, in pixels",
        },
    ];

    /// The setting with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|setting| setting.name == name)
    }

    /// What may stand in braces in its pattern.
    fn places(&self) -> &'static [&'static str] {
        if self.name == "preview_url" { &PLACES } else { &PLACES[..4] }
    }

    /// Its value when it was never set.
    pub fn default(&self) -> Value {
        match self.kind {
            Kind::Text(text) | Kind::Zone(text) | Kind::Widths(text) => text.into(),
            Kind::Switch(on) => on.into(),
            Kind::Pattern => "".into(),
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
            (Kind::Switch(_), Value::Bool(_)) => Ok(value.clone()),
            (Kind::Text(_), Value::String(text)) => line(text).map(|()| value.clone()),
            (Kind::Zone(_), Value::String(name)) => zone::find(name)
                .map(Value::String)
                .ok_or_else(|| format!("there is no time zone `{name}`: one is called Europe/Berlin")),
            (Kind::Pattern, Value::String(text)) => {
                line(text).and_then(|()| pattern(text, self.places())).map(Value::String)
            }
            (Kind::Widths(_), Value::String(text)) => widths(text).map(|widths| spelled(&widths).into()),
            (Kind::Text(_) | Kind::Zone(_) | Kind::Pattern | Kind::Widths(_), _) => {
                Err(format!("`{}` is a text", self.name))
            }
            (Kind::Switch(_), other) => {
                switch(other).map(Value::Bool).ok_or_else(|| format!("`{}` is a switch: true or false", self.name))
            }
        }
    }
}

fn line(text: &str) -> Result<(), String> {
    if text.chars().count() > LONGEST || text.contains(char::is_control) {
        return Err(format!("this is one line of at most {LONGEST} characters"));
    }
    Ok(())
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

/// Checks a pattern of an address.
fn pattern(text: &str, places: &[&str]) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    if origin(text).is_none() || text.contains(char::is_whitespace) {
        return Err("an address begins with https:// or http:// and the name of your site".into());
    }
    let rest = places.iter().fold(text.to_owned(), |rest, place| rest.replace(place, ""));
    if rest.contains(['{', '}']) {
        return Err(format!("in braces stands one of {}", places.join(", ")));
    }
    Ok(text.to_owned())
}

/// Reads widths with spaces or commas between them; ascending, each once.
///
/// # Errors
/// A sentence that says what is expected.
pub fn widths(text: &str) -> Result<Vec<u32>, String> {
    let words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let width = |word: &str| {
        let width = word.parse().ok().filter(|width| (1..=WIDEST).contains(width));
        width.ok_or_else(|| format!("`{word}` is no width: one is a whole number of pixels from 1 to {WIDEST}"))
    };
    let mut widths = words.map(width).collect::<Result<Vec<u32>, _>>()?;
    widths.sort_unstable();
    widths.dedup();
    if widths.len() > MOST_WIDTHS {
        return Err(format!("at most {MOST_WIDTHS} widths can be known"));
    }
    Ok(widths)
}

fn spelled(widths: &[u32]) -> String {
    widths.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
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
    /// In which time zone the dashboard shows times.
    pub time_zone: String,
    /// Where a page is on the site; `None` when that was not said.
    pub page_url: Option<String>,
    /// Where the site shows a draft; `None` when that was not said.
    pub preview_url: Option<String>,
    /// Whether pictures need alternative text to be published.
    pub alt_text_required: bool,
    /// Whether pictures are made in known sizes only, unless the address is signed.
    pub only_known_image_sizes: bool,
    /// The widths that are known, with spaces between them.
    pub image_widths: String,
}

impl Settings {
    /// Reads what was set. A value that makes no sense counts as never set: nothing that reads settings
    /// could do better.
    pub fn read(set: &Map<String, Value>) -> Self {
        let text = |name| match value(set, name) {
            Value::String(text) => text,
            _ => String::new(),
        };
        let given = |name| Some(text(name)).filter(|text| !text.is_empty());
        let on = |name| value(set, name) == Value::Bool(true);
        Self {
            site_name: text("site_name"),
            blog_title: text("blog_title"),
            blog_url_prefix: given("blog_url_prefix"),
            serve_draft_posts: on("serve_draft_posts"),
            time_zone: text("time_zone"),
            page_url: given("page_url"),
            preview_url: given("preview_url"),
            alt_text_required: on("alt_text_required"),
            only_known_image_sizes: on("only_known_image_sizes"),
            image_widths: text("image_widths"),
            clean_api_html: on("clean_api_html"),
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

    use super::{Setting, Settings, origin};

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

    #[test]
    fn patterns_are_addresses_with_known_places() {
        let setting = Setting::find("page_url").expect("known");
        assert_eq!(
            setting.parse(" https://a.example/{locale}/{slug} "),
            Ok(json!("https://a.example/{locale}/{slug}"))
        );
        assert_eq!(setting.parse(""), Ok(json!("")));
        for wrong in
            ["a.example/{slug}", "javascript:alert(1)", "https://{slug}", "https://a.example/{sluck}", "https://"]
        {
            assert!(setting.parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_previews_have_tokens() {
        let preview = "https://a.example/p?t={token}&s={slug}";
        assert_eq!(Setting::find("preview_url").expect("known").parse(preview), Ok(json!(preview)));
        assert!(Setting::find("page_url").expect("known").parse(preview).is_err());
    }

    #[test]
    fn an_origin_is_fit_for_a_header() {
        assert_eq!(origin("https://a.example:8443/x?y"), Some("https://a.example:8443"));
        for odd in ["ftp://a", "https://", "https://a;b/", "https://a b", "https://*/", "https://u@h/"] {
            assert_eq!(origin(odd), None, "{odd}");
        }
    }

    #[test]
    fn widths_are_read_in_any_order() {
        let setting = Setting::find("image_widths").expect("known");
        assert_eq!(setting.parse("640, 320 640"), Ok(json!("320 640")));
        assert_eq!(setting.parse(""), Ok(json!("")));
        let many = (1..=31).map(|width: u32| width.to_string()).collect::<Vec<_>>().join(" ");
        for wrong in ["wide", "0", "10001", "-5", "1.5", &many] {
            assert!(setting.parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn time_zones_are_spelled_as_they_are_called() {
        let setting = Setting::find("time_zone").expect("known");
        assert_eq!(setting.parse("europe/berlin"), Ok(json!("Europe/Berlin")));
        assert!(setting.parse("Berlin").is_err());
    }
}
