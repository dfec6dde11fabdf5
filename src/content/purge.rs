//! What is posted to have something dropped by a CDN.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Value, json};

use super::key::Key;
use super::outbox::Letter;

/// How many are named when people read it.
const NAMED: usize = 3;

/// The topic of such letters.
pub const TOPIC: &str = "purge";
/// How many keys a letter names at most. More of them are everything.
const MOST: usize = 2_000;

/// What shall be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// What a change has made old.
    Changed {
        /// The change's number.
        change: i64,
        /// What it touched.
        keys: BTreeSet<Key>,
    },
    /// What carries one of these keys.
    Keys(Vec<String>),
    /// What lies at these addresses.
    Addresses(Vec<String>),
    /// Everything.
    Everything,
}

impl Order {
    /// As it is posted.
    pub fn letter(&self) -> Letter {
        let body = match self {
            Self::Changed { change, keys } if keys.len() > MOST => {
                json!({"change": change, "keys": [Key::Model.to_string()]})
            }
            Self::Changed { change, keys } => {
                json!({"change": change, "keys": keys.iter().map(Key::to_string).collect::<Vec<_>>()})
            }
            Self::Keys(keys) => json!({ "words": keys }),
            Self::Addresses(addresses) => json!({ "addresses": addresses }),
            Self::Everything => json!({"everything": true}),
        };
        Letter { topic: TOPIC.into(), subject: None, body }
    }

    /// As it was posted. What cannot be understood comes from a newer program: everything may be meant.
    pub fn of(body: &Value) -> Self {
        let words = |name: &str| {
            let words = body[name].as_array()?;
            Some(words.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
        };
        if let Some(keys) = words("keys") {
            let keys = keys.iter().map(|word| word.parse().unwrap_or(Key::Model)).collect();
            return Self::Changed { change: body["change"].as_i64().unwrap_or(0), keys };
        }
        if let Some(keys) = words("words") {
            return Self::Keys(keys);
        }
        words("addresses").map_or(Self::Everything, Self::Addresses)
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |f: &mut fmt::Formatter<'_>, all: &[String], one: &str, many: &str| {
            let noun = if all.len() == 1 { one } else { many };
            write!(f, "{} {noun}: {}", all.len(), all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "))?;
            if all.len() > NAMED { f.write_str(", …") } else { Ok(()) }
        };
        match self {
            Self::Changed { keys, .. } if keys.contains(&Key::Model) => f.write_str("everything that is kept"),
            Self::Changed { keys, .. } => named(f, &keys.iter().map(Key::to_string).collect::<Vec<_>>(), "key", "keys"),
            Self::Keys(keys) => named(f, keys, "key", "keys"),
            Self::Addresses(addresses) => named(f, addresses, "address", "addresses"),
            Self::Everything => f.write_str("everything"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::Order;
    use crate::content::entry::EntryId;
    use crate::content::key::Key;

    #[test]
    fn orders_are_read_as_they_were_posted() {
        let keys = BTreeSet::from([Key::Entry(EntryId(7)), Key::Slug("pages/pie".into())]);
        for order in [
            Order::Changed { change: 12, keys },
            Order::Keys(vec!["any".into()]),
            Order::Addresses(vec!["https://cms.example/".into()]),
            Order::Everything,
        ] {
            assert_eq!(Order::of(&order.letter().body), order);
        }
    }

    #[test]
    fn what_is_too_much_or_unknown_is_everything() {
        let keys = (0..3_000).map(|id| Key::Entry(EntryId(id))).collect();
        let order = Order::of(&Order::Changed { change: 1, keys }.letter().body);
        assert_eq!(order, Order::Changed { change: 1, keys: BTreeSet::from([Key::Model]) });
        let newer = Order::of(&json!({"change": 2, "keys": ["entry-1", "something-new"]}));
        assert!(matches!(newer, Order::Changed { keys, .. } if keys.contains(&Key::Model)));
        assert_eq!(Order::of(&json!({"of": "tomorrow"})), Order::Everything);
    }
}
