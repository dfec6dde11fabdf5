//! The filters of the library: how the page offers and shows them.

use serde::Serialize;

use super::wanted::{MEDIA, SHAPES, Wanted};
use super::words::grouped;
use crate::authoring::now;
use crate::content::moment::Moment;
use crate::content::zone::Zone;
use crate::store::MediaCounts;

/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// How many tags a menu offers; whoever has more searches.
pub(super) const TAGS: usize = 100;

/// A filter that is set.
#[derive(Debug, Serialize)]
pub(super) struct Chip {
    label: &'static str,
    value: String,
    /// The library without it.
    clear: String,
}

/// A filter that can be set.
#[derive(Debug, Serialize)]
pub(super) struct Menu {
    key: &'static str,
    label: &'static str,
    options: Vec<Choice>,
    /// Whether days can be typed too.
    days: bool,
}

#[derive(Debug, Serialize)]
struct Choice {
    label: String,
    href: String,
    count: String,
}

/// What narrows a part of the library, and what else could.
pub(super) struct Narrowing<'a> {
    pub(super) wanted: &'a Wanted,
    /// Below which address.
    pub(super) base: &'a str,
    /// How many each choice would leave.
    pub(super) counts: MediaCounts,
    /// The tags used most.
    pub(super) tags: &'a [(String, u64)],
    pub(super) zone: &'a Zone,
}

impl Narrowing<'_> {
    /// The filters that are set.
    pub(super) fn chips(&self) -> Vec<Chip> {
        let wanted = self.wanted;
        let mut chips = Vec::new();
        let mut chip = |label, value: Option<String>, clear: fn(&mut Wanted)| {
            if let Some(value) = value {
                chips.push(Chip { label, value, clear: wanted.with(clear).address(self.base) });
            }
        };
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let medium = MEDIA.iter().find(|(medium, ..)| Some(*medium) == wanted.medium).map(|(.., label)| *label);
        let shape = SHAPES.iter().find(|(shape, ..)| Some(*shape) == wanted.shape).map(|(.., label)| *label);
        let used = wanted.used.map(|used| if used { "In use" } else { "Not used" });
        chip("Type", medium.and_then(said), |wanted| wanted.medium = None);
        chip("Use", used.and_then(said), |wanted| wanted.used = None);
        chip("Alt text", wanted.bare.then(|| "None".into()), |wanted| wanted.bare = false);
        chip("Shape", shape.and_then(said), |wanted| wanted.shape = None);
        chip("Tag", said(&wanted.tag), |wanted| wanted.tag.clear());
        chip("Added since", self.day(&wanted.from), |wanted| wanted.from.clear());
        chip("Added until", self.day(&wanted.to), |wanted| wanted.to.clear());
        chips
    }

    /// The filters that are not set and would leave something.
    pub(super) fn menus(&self) -> Vec<Menu> {
        let (wanted, counts) = (self.wanted, &self.counts);
        let mut menus = Vec::new();
        let mut menu = |key, label, options: Vec<Choice>, days| {
            if !options.is_empty() {
                menus.push(Menu { key, label, options, days });
            }
        };
        if wanted.medium.is_none() {
            let left = [counts.images, counts.videos, counts.sounds, counts.documents];
            let options = MEDIA.iter().zip(left);
            let options = options.filter_map(|(&(medium, _, label), left)| {
                self.choice(label, left, |wanted| wanted.medium = Some(medium))
            });
            menu("type", "Type", options.collect(), false);
        }
        if wanted.used.is_none() {
            let options = [("In use", counts.used, true), ("Not used", counts.unused, false)];
            let options =
                options.map(|(label, left, used)| self.choice(label, left, |wanted| wanted.used = Some(used)));
            menu("used", "Use", options.into_iter().flatten().collect(), false);
        }
        if !wanted.bare {
            let option = self.choice("No alt text", counts.without_alt, |wanted| wanted.bare = true);
            menu("alt", "Alt text", option.into_iter().collect(), false);
        }
        if wanted.shape.is_none() {
            let options = SHAPES.iter().zip([counts.wide, counts.tall, counts.square]);
            let options = options
                .filter_map(|(&(shape, _, label), left)| self.choice(label, left, |wanted| wanted.shape = Some(shape)));
            menu("shape", "Shape", options.collect(), false);
        }
        if wanted.tag.is_empty() {
            let option = |(tag, left): &(String, u64)| self.choice(tag, *left, |wanted| wanted.tag.clone_from(tag));
            menu("tag", "Tag", self.tags.iter().filter_map(option).collect(), false);
        }
        if wanted.from.is_empty() && wanted.to.is_empty() && counts.total > 0 {
            menu("added", "Added", self.spans(), true);
        }
        menus
    }

    /// The last days that are asked for most.
    fn spans(&self) -> Vec<Choice> {
        let since = |days: i64| self.zone.format(Moment::from_micros(now().micros() - days * DAY), "%Y-%m-%d");
        let span = |label: &str, days| Choice {
            label: label.into(),
            href: self.wanted.with(|wanted| wanted.from = since(days)).address(self.base),
            count: String::new(),
        };
        vec![span("Today", 0), span("Last 7 days", 6), span("Last 30 days", 29), span("Last 12 months", 364)]
    }

    fn choice(&self, label: &str, left: u64, choose: impl FnOnce(&mut Wanted)) -> Option<Choice> {
        let href = self.wanted.with(choose).address(self.base);
        (left > 0).then(|| Choice { label: label.into(), href, count: grouped(left) })
    }

    /// A day as people say it.
    fn day(&self, text: &str) -> Option<String> {
        self.zone.moment(text, "12:00").map(|at| self.zone.format(at, "%-d %b %Y"))
    }
}
