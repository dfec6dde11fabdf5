//! What a provider says of a purge.

use std::time::Duration;

use serde_json::Value;

/// How much of what a provider says is passed on, in characters.
const QUOTED: usize = 200;

/// A provider's answer.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// How long it wants to be left alone, if it says so.
    pub pause: Option<Duration>,
    /// As much of its body as was read.
    pub body: Vec<u8>,
}

/// What became of a request to purge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is not, but may be another time.
    Later {
        /// Not before this has passed, if the provider has said so.
        after: Option<Duration>,
        /// Why, for people.
        why: String,
    },
    /// It never will be as things stand: somebody must mend something, here or there.
    Refused(String),
}

impl Outcome {
    /// It is not done, for a reason, but may be another time.
    pub(super) fn later(why: impl Into<String>) -> Self {
        Self::Later { after: None, why: why.into() }
    }
}

impl Answered {
    /// Its body, when that is JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// What a status means wherever nothing else is documented: 2xx is done; too many requests, time-outs and troubles
    /// of the server pass; anything else does not.
    pub(super) fn usual(&self) -> Outcome {
        match self.status {
            200..=299 => Outcome::Done,
            408 | 425 => Outcome::Later { after: self.pause, why: self.says("It took too long") },
            429 => Outcome::Later { after: self.pause, why: self.says("Too many purges in a short time") },
            405 | 501 => Outcome::Refused(self.says("It does not know how to purge")),
            500..=599 => Outcome::Later { after: self.pause, why: self.says("It is in trouble") },
            401 | 403 => Outcome::Refused(self.says("It does not accept the token")),
            404 => Outcome::Refused(self.says("It knows nothing of the kind")),
            300..=399 => Outcome::Refused(self.says("It sends on to another address, which is not followed")),
            _ => Outcome::Refused(self.says("It does not accept the request")),
        }
    }

    /// A sentence with the status, and what the provider says itself, if it does.
    pub(super) fn says(&self, what: &str) -> String {
        match self.reason() {
            Some(reason) => format!("{what} (it answered {}: {reason}).", self.status),
            None => format!("{what} (it answered {}).", self.status),
        }
    }

    /// The provider's own words: `msg` and `detail` are Fastly's, `errors` Cloudflare's, `Message` bunny.net's.
    fn reason(&self) -> Option<String> {
        let json = self.json();
        let error = &json["errors"][0];
        let said =
            [&error["message"], &json["detail"], &json["msg"], &json["Message"], &json["message"], &json["error"]];
        let said = said.into_iter().find_map(Value::as_str)?;
        let said: String = said.chars().filter(|c| !c.is_control()).take(QUOTED).collect();
        Some(said.trim_end_matches('.').to_owned()).filter(|said| !said.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Answered, Outcome};
    use crate::courier::purge::tests::answered;

    #[test]
    fn a_status_says_whether_to_try_again() {
        for (status, passes) in [(408, true), (429, true), (500, true), (503, true), (400, false), (404, false)] {
            let outcome = answered(status, "").usual();
            assert_eq!(matches!(outcome, Outcome::Later { .. }), passes, "{status}");
            assert_eq!(matches!(outcome, Outcome::Refused(_)), !passes, "{status}");
        }
        assert_eq!(answered(204, "").usual(), Outcome::Done);
        let pause = Some(Duration::from_secs(9));
        let waits = Answered { status: 503, pause, body: Vec::new() }.usual();
        assert!(matches!(waits, Outcome::Later { after, .. } if after == pause));
    }

    #[test]
    fn a_provider_is_quoted_in_short() {
        let said = |body: &str| match answered(401, body).usual() {
            Outcome::Refused(why) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(said("<html>"), "It does not accept the token (it answered 401).");
        assert_eq!(said(r#"{"msg":"No."}"#), "It does not accept the token (it answered 401: No).");
        let long = format!(r#"{{"message":"{}"}}"#, "x".repeat(5_000));
        assert!(said(&long).len() < 300);
    }
}
