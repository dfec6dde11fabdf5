//! What happens, by the names that ButterCMS gives it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Something that happened to the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A page went live, or what is live of it has changed.
    PagePublished,
    /// A draft of a page was saved or scheduled.
    PageDraft,
    /// A page was taken off.
    PageUnpublished,
    /// A page was deleted.
    PageDelete,
    /// A post went live, or what is live of it has changed.
    PostPublished,
    /// A draft of a post was saved or scheduled.
    PostDraft,
    /// A post was deleted or taken off.
    PostDelete,
    /// As [`Event::PostPublished`], of a translation.
    TranslationPublished,
    /// As [`Event::PostDraft`], of a translation.
    TranslationDraft,
    /// As [`Event::PostDelete`], of a translation.
    TranslationDelete,
    /// An item went live, or what is live of it has changed.
    ItemPublished,
    /// A draft of an item was saved or scheduled.
    ItemDraft,
    /// An item was taken off.
    ItemUnpublished,
    /// An item was deleted.
    ItemDelete,
    /// A video was taken into the media library.
    VideoUploaded,
}

impl Event {
    /// All events.
    pub const ALL: [Self; 15] = [
        Self::PagePublished,
        Self::PageDraft,
        Self::PageUnpublished,
        Self::PageDelete,
        Self::PostPublished,
        Self::PostDraft,
        Self::PostDelete,
        Self::TranslationPublished,
        Self::TranslationDraft,
        Self::TranslationDelete,
        Self::ItemPublished,
        Self::ItemDraft,
        Self::ItemUnpublished,
        Self::ItemDelete,
        Self::VideoUploaded,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PagePublished => "page.published",
            Self::PageDraft => "page.draft",
            Self::PageUnpublished => "page.unpublished",
            Self::PageDelete => "page.delete",
            Self::PostPublished => "post.published",
            Self::PostDraft => "post.draft",
            Self::PostDelete => "post.delete",
            Self::TranslationPublished => "post.localization.published",
            Self::TranslationDraft => "post.localization.draft",
            Self::TranslationDelete => "post.localization.delete",
            Self::ItemPublished => "collectionitem.published",
            Self::ItemDraft => "collectionitem.draft",
            Self::ItemUnpublished => "collectionitem.unpublished",
            Self::ItemDelete => "collectionitem.delete",
            Self::VideoUploaded => "media.videouploaded",
        }
    }

    /// The event with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }
}

/// What a webhook wants to know: one event, or all of a kind of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subscription {
    /// This one.
    One(Event),
    /// `page.all`.
    Pages,
    /// `post.all`, translations included.
    Posts,
    /// `collectionitem.all`.
    Items,
}

impl Subscription {
    /// Everything that there is to be known.
    pub const EVERYTHING: [Self; 4] = [Self::Pages, Self::Posts, Self::Items, Self::One(Event::VideoUploaded)];

    /// Each once, and none that another one means already, in the order in which people are shown them.
    pub fn in_order(wanted: &[Self]) -> Vec<Self> {
        let all = Self::EVERYTHING.into_iter().take(3).filter(|kind| wanted.contains(kind));
        let kinds: Vec<Self> = all.collect();
        let is_single =
            |event: &Event| wanted.contains(&Self::One(*event)) && !kinds.iter().any(|kind| kind.covers(*event));
        kinds.iter().copied().chain(Event::ALL.into_iter().filter(is_single).map(Self::One)).collect()
    }

    /// Whether an event is meant.
    pub fn covers(self, event: Event) -> bool {
        let kind = match self {
            Self::One(one) => return one == event,
            Self::Pages => "page.",
            Self::Posts => "post.",
            Self::Items => "collectionitem.",
        };
        event.as_str().starts_with(kind)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::One(event) => event.as_str(),
            Self::Pages => "page.all",
            Self::Posts => "post.all",
            Self::Items => "collectionitem.all",
        }
    }

    /// The one with this name; `page.*` is `page.all`.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn parse(name: &str) -> Result<Self, String> {
        let name = name.trim();
        let all = [Self::Pages, Self::Posts, Self::Items];
        let whole = name.strip_suffix('*').map(|kind| format!("{kind}all"));
        let found = all.into_iter().find(|kind| kind.as_str() == whole.as_deref().unwrap_or(name));
        found.or_else(|| Event::parse(name).map(Self::One)).ok_or_else(|| {
            let known = all.iter().map(|kind| kind.as_str()).chain(Event::ALL.iter().map(|event| event.as_str()));
            format!("There is no event {name}. The events are {}.", known.collect::<Vec<_>>().join(", "))
        })
    }
}

impl Serialize for Subscription {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Subscription {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Subscription};

    #[test]
    fn every_event_is_covered_by_itself_and_by_its_kind_alone() {
        for event in Event::ALL {
            assert_eq!(Event::parse(event.as_str()), Some(event));
            assert!(Subscription::parse(event.as_str()).expect("a name").covers(event));
            let kinds = Subscription::EVERYTHING.into_iter().filter(|kind| kind.covers(event));
            assert_eq!(kinds.count(), 1, "{}", event.as_str());
        }
        assert!(Subscription::parse("post.all").expect("a name").covers(Event::TranslationDraft));
        assert!(!Subscription::parse("page.all").expect("a name").covers(Event::PostDraft));
        assert_eq!(Subscription::parse("page.*"), Ok(Subscription::Pages));
        assert!(Subscription::parse("post.unpublished").expect_err("no event").contains("post.delete"));
    }
}
