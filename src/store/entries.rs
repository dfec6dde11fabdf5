//! Entries, their variants and revisions.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

use super::error::Error;
use super::indexing::Changed;
use super::{Read, Write};
use crate::content::definition::BLOG;
use crate::content::entry::{Entry, EntryId, Origin, Revision, RevisionId, Shown, Variant, Version, View};
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::schema::SchemaId;
use crate::content::settings::Settings;

const ENTRY: &str = "entry.id, entry.schema, entry.slug, entry.draft_slug, entry.created, entry.position, \
     entry.deleted, entry.translation_of, entry.creator, entry.deleted_by, entry.archived";
const VARIANT: &str = "entry, locale, live, draft, published, updated, scheduled, along, unpublish, send_to";
const REVISION: &str = "id, entry, locale, name, slug, fields, at, by, why, kind, named";

/// A variant whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The entry.
    pub entry: EntryId,
    /// The locale.
    pub locale: LocaleId,
    /// The time that was set.
    pub at: Moment,
    /// Whether to publish; else to take off.
    pub publish: bool,
}

impl Read<'_> {
    /// The entry with this id, deleted or not.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn entry(&self, id: EntryId) -> Result<Option<Entry>, Error> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id.0], read_entry).optional()?)
    }

    /// The newest entries that are live, each with the locales in which it is.
    pub fn newest_live(&self, limit: usize) -> Result<Vec<(Entry, LocaleId)>, Error> {
        let sql = format!(
            "SELECT {ENTRY}, variant.locale FROM variant JOIN entry ON entry.id = variant.entry
             WHERE variant.live IS NOT NULL AND entry.deleted IS NULL ORDER BY variant.entry DESC LIMIT ?"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], |row| Ok((read_entry(row)?, LocaleId(row.get(11)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The entry of a schema with this slug. Previews also find entries by the slug their draft asks for.
    pub fn entry_by_slug(&self, schema: SchemaId, slug: &str, view: View) -> Result<Option<Entry>, Error> {
        let found = self.entries_by_slug(slug, view)?;
        Ok(found.into_iter().find(|entry| entry.schema == schema))
    }

    /// All entries with this slug, of any schema; those that have it before those whose draft asks for it.
    pub fn entries_by_slug(&self, slug: &str, view: View) -> Result<Vec<Entry>, Error> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE slug = ? AND slug IS NOT NULL AND deleted IS NULL");
        let mut found = self.entries(&sql, slug)?;
        if view == View::Newest {
            let sql = format!(
                "SELECT {ENTRY} FROM entry WHERE draft_slug = ? AND draft_slug IS NOT NULL AND deleted IS NULL"
            );
            for entry in self.entries(&sql, slug)? {
                if !found.iter().any(|other| other.schema == entry.schema) {
                    found.push(entry);
                }
            }
        }
        Ok(found)
    }

    fn entries(&self, sql: &str, parameter: impl rusqlite::ToSql) -> Result<Vec<Entry>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([parameter], read_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The ids of a schema's entries from `after` on, oldest first, deleted ones included.
    pub fn entry_ids(&self, schema: SchemaId, after: EntryId, limit: usize) -> Result<Vec<EntryId>, Error> {
        let mut statement =
            self.connection.prepare_cached("SELECT id FROM entry WHERE schema = ? AND id > ? ORDER BY id LIMIT ?")?;
        let rows = statement.query_map(params![schema.0, after.0, limit as i64], |row| row.get(0).map(EntryId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many entries a schema has, deleted ones left out.
    pub fn count_entries(&self, schema: SchemaId) -> Result<u64, Error> {
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM entry WHERE schema = ? AND deleted IS NULL",
            [schema.0],
            |row| row.get(0),
        )?;
        Ok(count.unsigned_abs())
    }

    /// Every entry of the site after `after` in order of id, for archives.
    pub fn all_entries(&self, after: EntryId, limit: usize) -> Result<Vec<Entry>, Error> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE id > ? ORDER BY id LIMIT {limit}");
        self.entries(&sql, after.0)
    }

    /// The largest ids in use.
    pub fn last_ids(&self) -> Result<(EntryId, RevisionId), Error> {
        Ok(self.connection.query_row(
            "SELECT (SELECT ifnull(max(id), 0) FROM entry), (SELECT ifnull(max(id), 0) FROM revision)",
            [],
            |row| Ok((EntryId(row.get(0)?), RevisionId(row.get(1)?))),
        )?)
    }

    /// The deleted entries, latest first.
    pub fn deleted_entries(&self) -> Result<Vec<Entry>, Error> {
        let sql = format!("SELECT {ENTRY} FROM entry WHERE deleted IS NOT NULL AND ?1 ORDER BY deleted DESC, id");
        self.entries(&sql, true)
    }

    /// The translation of a post in a locale: the post itself, its original or a sibling.
    pub fn translation(&self, post: &Entry, locale: LocaleId) -> Result<Option<Entry>, Error> {
        let original = post.group.unwrap_or(post.id);
        let sql = format!(
            "SELECT {ENTRY} FROM entry JOIN variant ON variant.entry = entry.id
             WHERE (entry.id = ?1 OR entry.translation_of = ?1) AND entry.deleted IS NULL AND variant.locale = ?2
             ORDER BY entry.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![original.0, locale.0], read_entry).optional()?)
    }

    /// An entry's variant in a locale.
    pub fn variant(&self, entry: EntryId, locale: LocaleId) -> Result<Option<Variant>, Error> {
        let sql = format!("SELECT {VARIANT} FROM variant WHERE entry = ? AND locale = ?");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([entry.0, locale.0], read_variant).optional()?)
    }

    /// All variants of an entry.
    pub fn variants(&self, entry: EntryId) -> Result<Vec<Variant>, Error> {
        let sql = format!("SELECT {VARIANT} FROM variant WHERE entry = ? ORDER BY locale");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([entry.0], read_variant)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A revision.
    pub fn revision(&self, id: RevisionId) -> Result<Option<Revision>, Error> {
        let sql = format!("SELECT {REVISION} FROM revision WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id.0], read_revision).optional()?)
    }

    /// All revisions of an entry in a locale, newest first.
    pub fn revisions(&self, entry: EntryId, locale: LocaleId) -> Result<Vec<Revision>, Error> {
        let sql = format!("SELECT {REVISION} FROM revision WHERE entry = ? AND locale = ? ORDER BY id DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([entry.0, locale.0], read_revision)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many revisions an entry has in a locale.
    pub fn revision_count(&self, entry: EntryId, locale: LocaleId) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM revision WHERE entry = ? AND locale = ?";
        let count: i64 =
            self.connection.prepare_cached(sql)?.query_row(params![entry.0, locale.0], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// The revisions of an entry in a locale that are older than `before`, newest first, at most `limit`.
    pub fn revisions_before(
        &self,
        entry: EntryId,
        locale: LocaleId,
        before: Option<RevisionId>,
        limit: usize,
    ) -> Result<Vec<Revision>, Error> {
        let sql = format!(
            "SELECT {REVISION} FROM revision WHERE entry = ? AND locale = ? AND id < ? ORDER BY id DESC LIMIT ?"
        );
        let before = before.map_or(i64::MAX, |id| id.0);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![entry.0, locale.0, before, limit as i64], read_revision)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What an entry shows in a locale and view; `None` when that is nothing.
    pub fn version(&self, entry: &Entry, locale: LocaleId, view: View) -> Result<Option<Version>, Error> {
        let Some(variant) = self.variant(entry.id, locale)? else { return Ok(None) };
        let shown = match view {
            View::Live => variant.shown(entry, self.revision_of(variant.live)?, None).live,
            View::Newest if variant.draft.is_some() => {
                variant.shown(entry, None, self.revision_of(variant.draft)?).newest
            }
            View::Newest => variant.shown(entry, self.revision_of(variant.live)?, None).newest,
        };
        Ok(shown)
    }

    /// What a variant shows in both views.
    pub fn shown(&self, entry: &Entry, variant: &Variant) -> Result<Shown, Error> {
        Ok(variant.shown(entry, self.revision_of(variant.live)?, self.revision_of(variant.draft)?))
    }

    fn revision_of(&self, id: Option<RevisionId>) -> Result<Option<Revision>, Error> {
        id.map_or(Ok(None), |id| self.revision(id))
    }

    /// The variants that are to be published or taken off at `now` or earlier, in order of time.
    pub fn due(&self, now: Moment) -> Result<Vec<Due>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT entry, locale, scheduled, 1 FROM variant WHERE scheduled IS NOT NULL AND scheduled <= ?1
             UNION ALL SELECT entry, locale, unpublish, 0 FROM variant WHERE unpublish IS NOT NULL AND unpublish <= ?1
             ORDER BY 3, 1, 2",
        )?;
        let rows = statement.query_map([now.micros()], |row| {
            Ok(Due {
                entry: EntryId(row.get(0)?),
                locale: LocaleId(row.get(1)?),
                at: Moment::from_micros(row.get(2)?),
                publish: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The next moment at which something is to be published or taken off.
    pub fn next_due(&self) -> Result<Option<Moment>, Error> {
        let next: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT min(at) FROM (
                   SELECT min(scheduled) AS at FROM variant WHERE scheduled IS NOT NULL
                   UNION ALL SELECT min(unpublish) FROM variant WHERE unpublish IS NOT NULL)",
            )?
            .query_row([], |row| row.get(0))?;
        Ok(next.map(Moment::from_micros))
    }
}

impl Write<'_> {
    /// Makes an entry; its `id` is given by the database unless it is positive (archives keep theirs). A
    /// `position` of 0 puts it last.
    ///
    /// # Errors
    /// `SlugTaken`, and the database's, as for every method here.
    pub fn add_entry(&mut self, entry: &Entry) -> Result<EntryId, Error> {
        let wanted = (entry.id.0 > 0).then_some(entry.id.0);
        self.connection
            .prepare_cached(
                "INSERT INTO entry (id, schema, slug, draft_slug, created, position, deleted, translation_of, creator,
                   deleted_by, archived)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                wanted,
                entry.schema.0,
                entry.slug,
                entry.draft_slug,
                entry.created.micros(),
                entry.position,
                entry.deleted.map(Moment::micros),
                entry.group.map(|id| id.0),
                entry.creator,
                entry.deleted_by,
                entry.archived.map(Moment::micros),
            ])?;
        let id = self.connection.last_insert_rowid();
        if let Some(slug) = &entry.slug {
            self.touch_slug(entry.schema, slug);
        }
        if entry.position == 0 {
            // Ids only grow, and moving swaps places: the id is a place behind all others, unless an archive
            // brought higher ones.
            self.connection
                .prepare_cached(
                    "UPDATE entry SET position = max(id, 1 + (SELECT max(position) FROM entry WHERE schema = ?2))
                     WHERE id = ?1",
                )?
                .execute(params![id, entry.schema.0])?;
        }
        Ok(EntryId(id))
    }

    /// Changes an entry. Its variants must be written again for the index to follow.
    pub fn put_entry(&mut self, entry: &Entry) -> Result<(), Error> {
        self.witness_entry(entry.id)?;
        if let Some(old) = self.entry(entry.id)? {
            self.touch_place(&old, entry)?;
        }
        self.connection
            .prepare_cached(
                "UPDATE entry SET slug = ?2, draft_slug = ?3, position = ?4, deleted = ?5, translation_of = ?6,
                   creator = ?7, deleted_by = ?8, archived = ?9
                 WHERE id = ?1",
            )?
            .execute(params![
                entry.id.0,
                entry.slug,
                entry.draft_slug,
                entry.position,
                entry.deleted.map(Moment::micros),
                entry.group.map(|id| id.0),
                entry.creator,
                entry.deleted_by,
                entry.archived.map(Moment::micros),
            ])?;
        Ok(())
    }

    /// Saves a copy; its `id` is given by the database unless it is positive.
    pub fn add_revision(&mut self, revision: &Revision) -> Result<RevisionId, Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO revision (id, entry, locale, name, slug, fields, at, by, why, kind, named, user)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                (revision.id.0 > 0).then_some(revision.id.0),
                revision.entry.0,
                revision.locale.0,
                revision.name,
                revision.slug,
                revision.fields.to_string(),
                revision.at.micros(),
                revision.by,
                revision.why,
                revision.kind.as_str(),
                revision.named,
                self.user,
            ])?;
        Ok(RevisionId(self.connection.last_insert_rowid()))
    }

    /// Writes a variant and everything that is kept beside it: index, links and search.
    ///
    /// The answers that show the entry are old when what is live changes; saving a draft touches none.
    pub fn put_variant(&mut self, entry: &Entry, variant: &Variant) -> Result<(), Error> {
        self.witness(entry.id, variant.locale)?;
        let old = self.variant(entry.id, variant.locale)?;
        let is_new = old.is_none();
        let live = |variant: &Variant| variant.live.map(|live| (live, variant.published, variant.updated));
        let change = Changed { is_new, live: old.as_ref().and_then(live) != live(variant) };
        if change.live || self.shows_draft(entry, variant)? {
            self.touch_entry(entry);
        }
        if let Some(original) = entry.group.filter(|_| is_new) {
            self.touch(Key::Translations(original));
        }
        self.write_variant(variant, is_new)?;
        let shown = self.shown(entry, variant)?;
        self.index_variant(entry, variant.locale, &shown, change)
    }

    /// As [`Write::put_variant`] for a variant that was not there before, with its revisions at hand:
    /// archives bring many.
    pub fn add_variant(
        &mut self,
        entry: &Entry,
        variant: &Variant,
        live: Option<Revision>,
        draft: Option<Revision>,
    ) -> Result<(), Error> {
        self.witness(entry.id, variant.locale)?;
        self.write_variant(variant, true)?;
        let change = Changed { is_new: true, live: variant.live.is_some() };
        if change.live {
            self.touch(Key::Entry(entry.id));
        }
        self.index_variant(entry, variant.locale, &variant.shown(entry, live, draft), change)?;
        self.spill_facets()
    }

    fn write_variant(&mut self, variant: &Variant, is_new: bool) -> Result<(), Error> {
        let sql = if is_new {
            "INSERT INTO variant (entry, locale, live, draft, published, updated, scheduled, along, unpublish, send_to)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        } else {
            "UPDATE variant SET live = ?3, draft = ?4, published = ?5, updated = ?6, scheduled = ?7, along = ?8,
             unpublish = ?9, send_to = ?10
             WHERE entry = ?1 AND locale = ?2"
        };
        self.connection.prepare_cached(sql)?.execute(params![
            variant.entry.0,
            variant.locale.0,
            variant.live.map(|id| id.0),
            variant.draft.map(|id| id.0),
            variant.published.map(Moment::micros),
            variant.updated.micros(),
            variant.scheduled.map(Moment::micros),
            variant.along,
            variant.unpublish.map(Moment::micros),
            variant.send_to,
        ])?;
        Ok(())
    }

    /// Writes what is kept beside all of an entry's variants again, after its slug, position, deletion or
    /// the model has changed.
    pub fn reindex_entry(&mut self, entry: &Entry) -> Result<(), Error> {
        for variant in self.variants(entry.id)? {
            let change = Changed { is_new: false, live: variant.live.is_some() };
            if change.live || self.shows_draft(entry, &variant)? {
                self.touch_entry(entry);
            }
            let shown = self.shown(entry, &variant)?;
            self.index_variant(entry, variant.locale, &shown, change)?;
        }
        Ok(())
    }

    /// Touches what was found, or missed, by an entry's slugs and among its translations.
    fn touch_place(&mut self, old: &Entry, new: &Entry) -> Result<(), Error> {
        let drafts = self.shows_draft_posts(new)?;
        let slugs = |entry: &Entry| [entry.slug.clone(), entry.draft_slug.clone().filter(|_| drafts)];
        // What is archived is off already: only its draft may be answered by its slug.
        let put_aside = drafts && old.archived != new.archived;
        if put_aside || (slugs(old), old.deleted) != (slugs(new), new.deleted) {
            for slug in slugs(old).into_iter().chain(slugs(new)).flatten() {
                self.touch_slug(new.schema, &slug);
            }
        }
        if new.schema == BLOG && (old.deleted, old.archived, old.group) != (new.deleted, new.archived, new.group) {
            for entry in [old, new] {
                self.touch(Key::Translations(entry.group.unwrap_or(entry.id)));
            }
        }
        Ok(())
    }

    /// Whether readers get the draft of a variant.
    fn shows_draft(&self, entry: &Entry, variant: &Variant) -> Result<bool, Error> {
        Ok(variant.live.is_none() && self.shows_draft_posts(entry)?)
    }

    fn shows_draft_posts(&self, entry: &Entry) -> Result<bool, Error> {
        Ok(entry.schema == BLOG && Settings::read(&self.settings()?).serve_draft_posts)
    }

    fn touch_entry(&mut self, entry: &Entry) {
        self.touch(Key::Entry(entry.id));
        self.touch(Key::Schema(entry.schema));
    }

    /// Whoever looked for an entry by this slug may find another or none.
    pub(super) fn touch_slug(&mut self, schema: SchemaId, slug: &str) {
        let place = if schema == BLOG { "posts" } else { "pages" };
        self.touch(Key::Slug(format!("{place}/{slug}")));
    }

    /// Says what a revision has become: a published autosave is kept like any published revision.
    pub fn mark_revision(&mut self, id: RevisionId, kind: Origin) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE revision SET kind = ?2 WHERE id = ?1")?
            .execute(params![id.0, kind.as_str()])?;
        Ok(())
    }

    /// Removes for good the values of dropped fields: rewrites the fields of a revision.
    pub fn put_revision_fields(&mut self, id: RevisionId, fields: &Value) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE revision SET fields = ?2 WHERE id = ?1")?
            .execute(params![id.0, fields.to_string()])?;
        Ok(())
    }
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: EntryId(row.get(0)?),
        schema: SchemaId(row.get(1)?),
        slug: row.get(2)?,
        draft_slug: row.get(3)?,
        created: Moment::from_micros(row.get(4)?),
        position: row.get(5)?,
        deleted: row.get::<_, Option<i64>>(6)?.map(Moment::from_micros),
        group: row.get::<_, Option<i64>>(7)?.map(EntryId),
        creator: row.get(8)?,
        deleted_by: row.get(9)?,
        archived: row.get::<_, Option<i64>>(10)?.map(Moment::from_micros),
    })
}

fn read_variant(row: &Row<'_>) -> rusqlite::Result<Variant> {
    let moment = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.map(Moment::from_micros));
    Ok(Variant {
        entry: EntryId(row.get(0)?),
        locale: LocaleId(row.get(1)?),
        live: row.get::<_, Option<i64>>(2)?.map(RevisionId),
        draft: row.get::<_, Option<i64>>(3)?.map(RevisionId),
        published: moment(4)?,
        updated: Moment::from_micros(row.get(5)?),
        scheduled: moment(6)?,
        along: row.get(7)?,
        unpublish: moment(8)?,
        send_to: row.get(9)?,
    })
}

fn read_revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    let fields: String = row.get(5)?;
    Ok(Revision {
        id: RevisionId(row.get(0)?),
        entry: EntryId(row.get(1)?),
        locale: LocaleId(row.get(2)?),
        name: row.get(3)?,
        slug: row.get(4)?,
        fields: serde_json::from_str(&fields).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(5, rusqlite::types::Type::Text, Box::new(error))
        })?,
        at: Moment::from_micros(row.get(6)?),
        by: row.get(7)?,
        why: row.get(8)?,
        // A word of a newer program is kept as the plainest: nothing depends on it.
        kind: Origin::parse(&row.get::<_, String>(9)?).unwrap_or_default(),
        named: row.get(10)?,
    })
}
