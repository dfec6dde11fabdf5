//! What a change did to the answers that were kept, for people and programs.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::query::Query;
use super::refresh::Refreshed;

impl Refreshed {
    /// The addresses whose answers were built again, hottest first.
    pub fn urls(&self) -> Vec<String> {
        self.rebuilt.iter().map(Query::url).collect()
    }

    fn millis(&self) -> f64 {
        self.took.as_secs_f64() * 1000.0
    }
}

impl Serialize for Refreshed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Refreshed", 4)?;
        report.serialize_field("ms", &self.millis())?;
        report.serialize_field("rebuilt", &self.rebuilt.len())?;
        report.serialize_field("evicted", &self.evicted)?;
        report.serialize_field("urls", &self.urls())?;
        report.end()
    }
}

impl fmt::Display for Refreshed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.rebuilt.len() == 1 { "answer" } else { "answers" };
        write!(f, "{} {noun} refreshed", self.rebuilt.len())?;
        if self.evicted > 0 {
            write!(f, " and {} dropped", self.evicted)?;
        }
        write!(f, " in {:.1} ms", self.millis())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use crate::delivery::{Query, Recent, Refreshed};

    #[test]
    fn a_refresh_tells_what_it_did() {
        let rebuilt = vec![Query::Author("ada".into(), Recent::default())];
        let refreshed = Refreshed { rebuilt, evicted: 2, took: Duration::from_micros(2500), ..Refreshed::default() };
        assert_eq!(refreshed.to_string(), "1 answer refreshed and 2 dropped in 2.5 ms");
        let said = serde_json::to_value(&refreshed).expect("JSON");
        assert_eq!(said, json!({"ms": 2.5, "rebuilt": 1, "evicted": 2, "urls": ["/v2/authors/ada/"]}));
    }
}
