//! From the JSON that programs write to drafts. Lenient where it can be: whoever sends back what a read
//! answered must be understood.

use serde_json::{Map, Value};

use crate::authoring::{PostAuthor, PostChange, PostTerm, Sent, State};
use crate::content::field::Problem;
use crate::content::locale::LocaleId;
use crate::content::schema::Model;

/// What is wrong with a request's body.
#[derive(Debug)]
pub(super) enum Error {
    /// No JSON.
    Malformed,
    /// Not the shape that is needed: a sentence.
    Refused(String),
    /// Problems with single members.
    Invalid(Vec<Problem>),
}

/// A JSON object from a request's body. An empty body is an empty object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Error> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Error::Refused("The request body must be a JSON object.".into())),
        Err(_) => Err(Error::Malformed),
    }
}

/// Reads members of an object and gathers what is wrong with them.
pub(super) struct Members<'a> {
    object: &'a Map<String, Value>,
    problems: Vec<Problem>,
    warnings: Vec<String>,
}

impl<'a> Members<'a> {
    pub(super) fn of(object: &'a Map<String, Value>) -> Self {
        Self { object, problems: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn problem(&mut self, key: &str, text: impl Into<String>) {
        self.problems.push(Problem { path: key.into(), text: text.into() });
    }

    /// The warnings gathered, or the problems if there are any.
    pub(super) fn finish(self) -> Result<Vec<String>, Error> {
        if self.problems.is_empty() { Ok(self.warnings) } else { Err(Error::Invalid(self.problems)) }
    }

    /// A member that is there and not `null`.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// A text; `null` counts as empty text, numbers as their digits.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        match text_of(self.object.get(key)?) {
            Ok(text) => Some(text),
            Err(problem) => {
                self.problem(key, problem);
                None
            }
        }
    }

    /// A switch, off when it is absent. Forms send words.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        match self.value(key) {
            None => false,
            Some(Value::Bool(on)) => *on,
            Some(Value::String(word)) if word.eq_ignore_ascii_case("true") || word == "1" => true,
            Some(Value::String(word)) if word.eq_ignore_ascii_case("false") || word == "0" || word.is_empty() => false,
            Some(_) => {
                self.problem(key, "Must be a valid boolean.");
                false
            }
        }
    }

    /// A text that must say something.
    pub(super) fn needed(&mut self, key: &str, problem: &str) -> String {
        let had = self.problems.len();
        let text = self.text(key).unwrap_or_default();
        if text.trim().is_empty() && self.problems.len() == had {
            self.problem(key, problem);
        }
        text
    }

    /// The wanted state. What the write API cannot do (scheduling) is ignored on updates, with a warning.
    pub(super) fn state(&mut self, otherwise: State, updating: bool) -> State {
        let Some(value) = self.value("status") else { return otherwise };
        match value.as_str() {
            Some("draft") => State::Draft,
            Some("published") => State::Published,
            Some("unpublished") if updating => State::Unpublished,
            Some("scheduled") if updating => {
                self.warnings.push(
                    "status \"scheduled\" was ignored: this API does not schedule, `larder publish --at` does.".into(),
                );
                otherwise
            }
            _ => {
                let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.problem("status", format!("\"{shown}\" is not a valid choice."));
                otherwise
            }
        }
    }

    /// Scheduling cannot be written: refused in something new, ignored in what comes back from a read.
    fn refuse_schedule(&mut self, updating: bool) {
        if self.value("scheduled").is_none() {
            return;
        }
        if updating {
            self.warnings.push("scheduled was ignored: this API does not schedule, `larder publish --at` does.".into());
        } else {
            self.problem("scheduled", "Posts cannot be scheduled through the API.");
        }
    }
}

fn text_of(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) if text.contains('\0') => Err("Null characters are not allowed."),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err("Not a valid string."),
    }
}

/// A post to be made or changed.
pub(super) fn post(members: &mut Members<'_>, updating: bool) -> PostChange {
    members.refuse_schedule(updating);
    let (title, slug) = if updating {
        (members.text("title"), members.text("slug").filter(|slug| !slug.is_empty()))
    } else {
        let required = "This field is required.";
        (Some(members.needed("title", required)), Some(members.needed("slug", required)))
    };
    let (featured_image, picture_alt) = picture(members);
    let alt = members.text("featured_image_alt");
    PostChange {
        title,
        slug,
        author: author(members),
        categories: terms(members, "categories"),
        tags: terms(members, "tags"),
        featured_image,
        featured_image_alt: alt.or(picture_alt),
        body: members.text("body"),
        summary: members.text("summary"),
        seo_title: members.text("seo_title"),
        meta_description: members.text("meta_description"),
        bring_pictures: members.flag("upload_images_to_media_library"),
    }
}

/// A picture's address and alternative text: an address, or the object that a read answers.
fn picture(members: &mut Members<'_>) -> (Option<String>, Option<String>) {
    match members.object.get("featured_image") {
        Some(Value::Object(picture)) => {
            let text = |key| picture.get(key).and_then(Value::as_str).map(str::to_owned);
            (Some(text("url").unwrap_or_default()), text("alt"))
        }
        _ => (members.text("featured_image"), None),
    }
}

/// An author: `{"email"}`, `{"slug"}` or all of them, or the bare address or slug.
fn author(members: &mut Members<'_>) -> Option<PostAuthor> {
    let author = match members.value("author")? {
        Value::String(text) if text.contains('@') => PostAuthor { slug: None, email: Some(text.clone()) },
        Value::String(text) => PostAuthor { slug: Some(text.clone()), email: None },
        Value::Object(author) => {
            let text = |key| author.get(key).and_then(Value::as_str).map(str::to_owned);
            PostAuthor { slug: text("slug"), email: text("email") }
        }
        _ => {
            members.problem("author", "Expected an object with an email or a slug.");
            return None;
        }
    };
    Some(author)
}

/// Categories or tags: names, or the objects that a read answers.
fn terms(members: &mut Members<'_>, key: &str) -> Option<Vec<PostTerm>> {
    let value = members.object.get(key)?;
    let list = match value {
        Value::Null => return Some(Vec::new()),
        Value::Array(list) => list.as_slice(),
        _ => {
            members.problem(key, "Expected a list of items.");
            return None;
        }
    };
    let mut terms = Vec::new();
    for item in list {
        match term(item) {
            Ok(Some(term)) => terms.push(term),
            Ok(None) => {}
            Err(problem) => members.problem(key, problem),
        }
    }
    Some(terms)
}

fn term(value: &Value) -> Result<Option<PostTerm>, &'static str> {
    let term = match value {
        Value::Object(term) => {
            let member = |key| term.get(key).map(text_of).transpose();
            PostTerm { name: member("name")?, slug: member("slug")?.filter(|slug| !slug.is_empty()) }
        }
        other => PostTerm { name: Some(text_of(other)?), slug: None },
    };
    let blank = term.name.as_deref().is_none_or(|name| name.trim().is_empty()) && term.slug.is_none();
    Ok((!blank).then_some(term))
}

/// The content sent for a page or item: `{field: value}` for one locale, or `{locale: {field: value}}`
/// when every key is the slug of a locale.
pub(super) fn contents(
    fields: Option<&Value>,
    locale: LocaleId,
    model: &Model,
    members: &mut Members<'_>,
) -> Vec<Sent> {
    let fields = match fields {
        None | Some(Value::Null) => return vec![Sent { locale, fields: None }],
        Some(Value::Object(fields)) => fields,
        // An empty list is how PHP spells an empty object.
        Some(Value::Array(list)) if list.is_empty() => return vec![Sent { locale, fields: Some(Map::new()) }],
        Some(_) => {
            members.problem("fields", "Expected an object of field keys and values.");
            return Vec::new();
        }
    };
    let localised =
        !fields.is_empty() && !model.locales.is_empty() && fields.keys().all(|key| model.locale(key).is_some());
    if !localised {
        return vec![Sent { locale, fields: Some(fields.clone()) }];
    }
    let mut contents = Vec::new();
    for (key, value) in fields {
        match (model.locale(key), value) {
            (Some(locale), Value::Object(fields)) => {
                contents.push(Sent { locale, fields: Some(fields.clone()) });
            }
            _ => members.problem(key, "Expected an object of field keys and values."),
        }
    }
    contents
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Members, contents, object, post};
    use crate::authoring::State;
    use crate::content::locale::{Locale, LocaleId};
    use crate::content::schema::Model;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("[a-z_]{1,8}", inner, 0..4)
                    .prop_map(|members| members.into_iter().collect::<Value>()),
            ]
        })
    }

    fn localised() -> Model {
        let locale = |id, slug: &str| Locale { id: LocaleId(id), slug: slug.into(), name: slug.into() };
        Model { locales: vec![locale(0, "en"), locale(1, "de")], ..Model::default() }
    }

    proptest! {
        #[test]
        fn bytes_are_an_object_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = object(&bytes);
        }

        #[test]
        fn any_member_is_understood_or_refused(value in any_json(), key in "(title|slug|author|categories|tags|featured_image|body|status|scheduled)") {
            let sent = json!({ "title": "T", "slug": "t", key: value });
            let sent = sent.as_object().expect("an object");
            let mut members = Members::of(sent);
            let state = members.state(State::Draft, false);
            prop_assert!(matches!(state, State::Draft | State::Published));
            let _ = post(&mut members, false);
            let _ = members.finish();
        }

        #[test]
        fn fields_are_content_of_known_locales_or_refused(fields in any_json()) {
            let sent = serde_json::Map::new();
            let mut members = Members::of(&sent);
            let contents = contents(Some(&fields), LocaleId(1), &localised(), &mut members);
            if members.finish().is_ok() {
                prop_assert!(contents.iter().all(|content| content.locale.0 <= 1));
            }
        }
    }

    #[test]
    fn what_a_read_answers_is_understood() {
        let read = json!({
            "title": "Jam", "slug": "jam", "url": "/jam", "status": "published", "scheduled": null, "deleted": null,
            "author": {"slug": "ada", "email": "ada@example.com", "recent_posts": []},
            "categories": [{"name": "Recipes", "slug": "recipes"}], "tags": [],
            "featured_image": "https://cms.example.com/media/x", "featured_image_alt": "Jars", "body": "<p>J</p>",
        });
        let mut members = Members::of(read.as_object().expect("an object"));
        let change = post(&mut members, true);
        assert_eq!(change.author.and_then(|author| author.slug).as_deref(), Some("ada"));
        assert_eq!(change.categories.map(|categories| categories.len()), Some(1));
        assert_eq!(change.tags, Some(Vec::new()));
        assert!(members.finish().is_ok_and(|warnings| warnings.is_empty()));
    }

    #[test]
    fn only_locale_slugs_as_keys_mean_several_locales() {
        let sent = serde_json::Map::new();
        let mut members = Members::of(&sent);
        let mut locales = |fields: Value| {
            let contents = contents(Some(&fields), LocaleId(0), &localised(), &mut members);
            contents.iter().map(|content| content.locale.0).collect::<Vec<_>>()
        };
        assert_eq!(locales(json!({"en": {"a": 1}, "de": {"a": 2}})), [0, 1]);
        assert_eq!(locales(json!({"de": {"a": 2}})), [1]);
        assert_eq!(locales(json!({"en": {"a": 1}, "a": 2})), [0]);
        assert_eq!(locales(json!({})), [0]);
    }
}
