//! Finding entries by a few letters, among a hundred thousand, while somebody types.

use std::collections::HashMap;

use rusqlite::params;

use super::Read;
use super::error::Error;
use super::overview::{By, Eyes, LINE, Line, Survey, read_line};
use super::search::quoted_words;
use crate::content::entry::EntryId;
use crate::content::locale::LocaleId;
use crate::content::schema::SchemaId;

/// How many texts that hold the words are looked at, the newest first: most of them are shown to this person.
const LOOKED_AT: i64 = 400;
/// From how many letters on a beginning of a word is searched for. Shorter ones begin too many.
const BEGINNING: usize = 3;

impl Read<'_> {
    /// Entries whose title begins with `words`, then those that hold them; without words those edited last.
    /// Archived and deleted ones are left out, and each entry is there once, in `locale` if it can be.
    ///
    /// # Errors
    /// The database's.
    pub fn pick(
        &self,
        words: &str,
        schemas: &[SchemaId],
        eyes: Eyes,
        locale: LocaleId,
        limit: usize,
    ) -> Result<Vec<Line>, Error> {
        let mut picked = Picked { locale, lines: Vec::new(), places: HashMap::new() };
        if words.is_empty() {
            for schema in schemas {
                picked.add_all(self.edited_last(*schema, eyes, limit)?);
            }
            picked.lines.sort_by_key(|line| std::cmp::Reverse((line.edited, line.entry)));
            picked.lines.truncate(limit);
            return Ok(picked.lines);
        }
        for schema in schemas {
            picked.add_all(self.titled(words, *schema, eyes, limit)?);
        }
        if picked.lines.len() < limit {
            picked.add_all(self.holding_words(words, schemas, eyes)?);
        }
        picked.lines.truncate(limit);
        Ok(picked.lines)
    }

    fn edited_last(&self, schema: SchemaId, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let survey = Survey {
            schema,
            eyes,
            standing: None,
            words: None,
            filed: &[],
            locale: None,
            once: false,
            edited_by: None,
            by: By::Edited,
            descending: true,
            after: None,
            before: None,
            limit,
        };
        Ok(self.survey(&survey)?.lines)
    }

    fn titled(&self, words: &str, schema: SchemaId, eyes: Eyes, limit: usize) -> Result<Vec<Line>, Error> {
        let mut found = Vec::new();
        for lane in eyes.lanes() {
            let sql = format!(
                "SELECT {LINE} FROM overview AS o INDEXED BY overview_title
                 WHERE o.schema = ?1 AND o.folded >= ?2 AND o.folded < ?3 AND o.standing < 5 AND {}
                 ORDER BY o.folded, o.entry LIMIT ?4",
                lane.seen_by(eyes)
            );
            // As the database folds titles.
            let first = words.to_ascii_lowercase();
            let behind = format!("{first}\u{10FFFF}");
            let mut statement = self.connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![schema.0, first, behind, limit as i64], read_line)?;
            for row in rows {
                found.push(row?);
            }
        }
        Ok(found)
    }

    /// Those that hold all words, the ones with the words in their title first.
    fn holding_words(&self, words: &str, schemas: &[SchemaId], eyes: Eyes) -> Result<Vec<Line>, Error> {
        let mut quoted = quoted_words(words);
        let Some(last) = quoted.last_mut() else { return Ok(Vec::new()) };
        if last.chars().filter(|c| c.is_alphanumeric()).count() < BEGINNING {
            last.pop();
        }
        let everywhere = quoted.join(" ");
        let among = schemas.iter().map(|schema| schema.0.to_string()).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT {LINE} FROM (SELECT rowid AS id FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS hit
             CROSS JOIN search_row AS r ON r.id = hit.id
             CROSS JOIN overview AS o ON o.entry = r.entry AND o.locale = r.locale AND r.views & o.lane
             WHERE o.schema IN ({among}) AND o.standing < 5 AND {}",
            eyes.sees()
        );
        let mut found = Vec::new();
        for expression in [format!("{{title}} : ({everywhere})"), everywhere.clone()] {
            let mut statement = self.connection.prepare_cached(&sql)?;
            for row in statement.query_map(params![expression, LOOKED_AT], read_line)? {
                found.push(row?);
            }
        }
        Ok(found)
    }
}

/// Lines, one per entry.
struct Picked {
    locale: LocaleId,
    lines: Vec<Line>,
    places: HashMap<EntryId, usize>,
}

impl Picked {
    fn add_all(&mut self, lines: Vec<Line>) {
        for line in lines {
            match self.places.get(&line.entry) {
                Some(place) if line.locale == self.locale => self.lines[*place] = line,
                Some(_) => {}
                None => {
                    self.places.insert(line.entry, self.lines.len());
                    self.lines.push(line);
                }
            }
        }
    }
}
