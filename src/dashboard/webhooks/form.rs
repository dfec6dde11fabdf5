//! The form of a webhook.

use minijinja::{Value, context};

use crate::content::field::Problem;
use crate::content::outbox::Target;
use crate::content::webhook::{Event, Subscription, Webhook, header};
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;

/// What stands for the value of a header: whoever may see the page need not see what it lets one in to.
const MASK: &str = "********";

/// What a form holds.
pub(super) struct Filled {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) events: Vec<Subscription>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) plain: bool,
    pub(super) active: bool,
}

/// Reads a form; a header that shows no value keeps its old one.
pub(super) fn read(sent: &Sent, old: &[(String, String)]) -> Result<Filled, Refused> {
    let mut headers = Vec::new();
    let mut problems = Vec::new();
    for line in sent.text("headers").lines().filter(|line| !line.trim().is_empty()) {
        match header(line) {
            Ok((name, value)) if value == MASK => {
                let known = old.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
                headers.push((name, known.map_or(value, |(_, value)| value.clone())));
            }
            Ok(header) => headers.push(header),
            Err(text) => problems.push(Problem { path: "headers".into(), text }),
        }
    }
    let events: Vec<Subscription> = all().filter(|event| is_ticked(sent, *event)).collect();
    if events.is_empty() {
        problems.push(Problem { path: "events".into(), text: "Choose at least one event.".into() });
    }
    if !problems.is_empty() {
        return Err(Refused::invalid(&problems));
    }
    Ok(Filled {
        name: sent.text("name").to_owned(),
        address: sent.text("address").to_owned(),
        events,
        headers,
        plain: sent.text("plain") == "1",
        active: sent.text("active") == "1",
    })
}

/// Everything that can be ticked.
fn all() -> impl Iterator<Item = Subscription> {
    let kinds = [Subscription::Pages, Subscription::Posts, Subscription::Items];
    kinds.into_iter().chain(Event::ALL.into_iter().map(Subscription::One))
}

fn is_ticked(sent: &Sent, event: Subscription) -> bool {
    sent.find(&format!("event.{}", event.as_str())).is_some()
}

/// A form that is not filled in: everything is ticked.
pub(super) fn blank() -> Value {
    context! { groups => groups(|event| Subscription::EVERYTHING.contains(&event)) }
}

/// The form of a webhook as it is.
pub(super) fn filled(target: &Target, webhook: &Webhook) -> Value {
    let headers: Vec<String> = webhook.headers.iter().map(|(name, _)| format!("{name}: {MASK}")).collect();
    context! {
        name => target.name.clone(),
        address => webhook.address.clone(),
        headers => headers.join("\n"),
        plain => webhook.plain,
        active => target.active,
        groups => groups(|event| webhook.events.contains(&event)),
    }
}

/// The form as it was sent.
pub(super) fn again(sent: &Sent) -> Value {
    context! {
        name => sent.text("name"),
        address => sent.text("address"),
        headers => sent.text("headers"),
        plain => sent.text("plain") == "1",
        active => sent.text("active") == "1",
        groups => groups(|event| is_ticked(sent, event)),
    }
}

/// The events in groups, each with whether it is ticked.
fn groups(ticked: impl Fn(Subscription) -> bool) -> Vec<Value> {
    let one = |event: Subscription, text: &str| {
        context! { name => event.as_str(), text, ticked => ticked(event) }
    };
    let kinds = [
        ("Pages", Some((Subscription::Pages, "All that happens to pages")), "page."),
        ("Posts", Some((Subscription::Posts, "All that happens to posts and their translations")), "post."),
        ("Collection items", Some((Subscription::Items, "All that happens to items")), "collectionitem."),
        ("Media", None, "media."),
    ];
    let group = |(title, whole, prefix): (&str, Option<(Subscription, &str)>, &str)| {
        let own = Event::ALL.into_iter().filter(|event| event.as_str().starts_with(prefix));
        let events: Vec<Value> = own.map(|event| one(Subscription::One(event), describe(event))).collect();
        context! { title, whole => whole.map(|(event, text)| one(event, text)), events }
    };
    kinds.into_iter().map(group).collect()
}

fn describe(event: Event) -> &'static str {
    match event {
        Event::PagePublished | Event::PostPublished | Event::ItemPublished => "Went live, or what is live has changed",
        Event::PageDraft | Event::PostDraft | Event::ItemDraft => "A draft was saved or scheduled",
        Event::PageUnpublished | Event::ItemUnpublished => "Was taken off",
        Event::PageDelete | Event::ItemDelete => "Was deleted",
        Event::PostDelete => "Was deleted or taken off",
        Event::TranslationPublished => "A translation went live, or what is live of it has changed",
        Event::TranslationDraft => "A draft of a translation was saved or scheduled",
        Event::TranslationDelete => "A translation was deleted or taken off",
        Event::VideoUploaded => "A video was uploaded",
    }
}
