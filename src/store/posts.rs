//! What posts need beside entries: authors, categories and tags, and a post's neighbours.

use rusqlite::{OptionalExtension, Row, params};

use super::error::Error;
use super::facets::IndexValue;
use super::{Read, Write};
use crate::content::definition::BLOG;
use crate::content::entry::{EntryId, View};
use crate::content::field::IndexKey;
use crate::content::index::{AUTHOR, CATEGORY, PUBLISHED, TAG};
use crate::content::key::Key;
use crate::content::locale::LocaleId;
use crate::content::moment::Moment;
use crate::content::post::{Author, Filing, Term};

const AUTHOR_COLUMNS: &str = "id, slug, email, first_name, last_name, bio, title, linkedin_url, facebook_url, \
     instagram_url, pinterest_url, twitter_handle, profile_image";

/// The published posts before and after a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The nearest newer one.
    pub next: Option<EntryId>,
    /// The nearest older one.
    pub previous: Option<EntryId>,
}

fn table(filing: Filing) -> &'static str {
    match filing {
        Filing::Category => "category",
        Filing::Tag => "tag",
    }
}

/// The surrogate keys of a term and of the list it is in.
fn keys(filing: Filing, id: i64) -> [Key; 2] {
    match filing {
        Filing::Category => [Key::Category(id), Key::Categories],
        Filing::Tag => [Key::Tag(id), Key::Tags],
    }
}

impl Read<'_> {
    /// All authors, oldest first.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn authors(&self) -> Result<Vec<Author>, Error> {
        let sql = format!("SELECT {AUTHOR_COLUMNS} FROM author ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], read_author)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The author with this id.
    pub fn author(&self, id: i64) -> Result<Option<Author>, Error> {
        self.author_where("id = ?", id)
    }

    /// The author with this slug.
    pub fn author_by_slug(&self, slug: &str) -> Result<Option<Author>, Error> {
        self.author_where("slug = ?", slug)
    }

    /// The oldest author with this e-mail address.
    pub fn author_by_email(&self, email: &str) -> Result<Option<Author>, Error> {
        self.author_where("email = ? COLLATE NOCASE ORDER BY id LIMIT 1", email)
    }

    fn author_where(&self, condition: &str, value: impl rusqlite::ToSql) -> Result<Option<Author>, Error> {
        let sql = format!("SELECT {AUTHOR_COLUMNS} FROM author WHERE {condition}");
        Ok(self.connection.prepare_cached(&sql)?.query_row([value], read_author).optional()?)
    }

    /// All categories or tags, by name.
    pub fn terms(&self, filing: Filing) -> Result<Vec<Term>, Error> {
        let sql = format!("SELECT id, name, slug FROM {} ORDER BY name, id", table(filing));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], read_term)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The categories or tags that some published post is filed under, by name. Posts in a locale that was
    /// removed from the model are published no more, though their rows are kept.
    pub fn terms_in_use(&self, filing: Filing) -> Result<Vec<Term>, Error> {
        let path = match filing {
            Filing::Category => CATEGORY,
            Filing::Tag => TAG,
        };
        let locales = self.model().locale_ids().iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT id, name, slug FROM {} AS term WHERE EXISTS (
               SELECT 1 FROM slot JOIN facet ON facet.slot = slot.id
               WHERE slot.schema = ?1 AND slot.path = ?2 AND slot.locale IN ({locales})
                 AND facet.key = CAST(term.id AS REAL) AND facet.live > 0)
             ORDER BY name, id",
            table(filing)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![BLOG.0, path], read_term)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The category or tag with this id.
    pub fn term(&self, filing: Filing, id: i64) -> Result<Option<Term>, Error> {
        let sql = format!("SELECT id, name, slug FROM {} WHERE id = ?", table(filing));
        Ok(self.connection.prepare_cached(&sql)?.query_row([id], read_term).optional()?)
    }

    /// The category or tag with this slug.
    pub fn term_by_slug(&self, filing: Filing, slug: &str) -> Result<Option<Term>, Error> {
        let sql = format!("SELECT id, name, slug FROM {} WHERE slug = ?", table(filing));
        Ok(self.connection.prepare_cached(&sql)?.query_row([slug], read_term).optional()?)
    }

    /// The oldest category or tag with this name, case included.
    pub fn term_by_name(&self, filing: Filing, name: &str) -> Result<Option<Term>, Error> {
        let sql = format!("SELECT id, name, slug FROM {} WHERE name = ? ORDER BY id LIMIT 1", table(filing));
        Ok(self.connection.prepare_cached(&sql)?.query_row([name], read_term).optional()?)
    }

    /// How many visible posts an author has written.
    pub fn posts_by(&self, author: i64, locale: LocaleId, view: View) -> Result<u64, Error> {
        #[expect(clippy::cast_precision_loss, reason = "ids stay below 2^53")]
        let value = IndexValue::of(&IndexKey::Number(author as f64));
        match self.slot(BLOG, locale, AUTHOR)? {
            Some(slot) => self.facet(slot, &value, view),
            None => Ok(0),
        }
    }

    /// How many posts are filed under a category or tag in a locale, drafts included.
    pub fn filed_under(&self, filing: Filing, id: i64, locale: LocaleId) -> Result<u64, Error> {
        #[expect(clippy::cast_precision_loss, reason = "ids stay below 2^53")]
        let value = IndexValue::of(&IndexKey::Number(id as f64));
        let path = match filing {
            Filing::Category => CATEGORY,
            Filing::Tag => TAG,
        };
        match self.slot(BLOG, locale, path)? {
            Some(slot) => self.facet(slot, &value, View::Newest),
            None => Ok(0),
        }
    }

    /// The published posts nearest to a published moment and id, by both in this order.
    pub fn neighbours(&self, post: EntryId, published: Moment, locale: LocaleId) -> Result<Neighbours, Error> {
        let Some(slot) = self.slot(BLOG, locale, PUBLISHED)? else { return Ok(Neighbours::default()) };
        Ok(Neighbours {
            next: self.neighbour(slot, post, published, ">", "ASC")?,
            previous: self.neighbour(slot, post, published, "<", "DESC")?,
        })
    }

    fn neighbour(
        &self,
        slot: i64,
        post: EntryId,
        published: Moment,
        side: &str,
        direction: &str,
    ) -> Result<Option<EntryId>, Error> {
        #[expect(clippy::cast_precision_loss, reason = "microseconds stay below 2^53 until the year 2255")]
        let key = published.micros() as f64;
        let at_once = format!(
            "SELECT entry FROM field_index WHERE slot = ?1 AND key = ?2 AND entry {side} ?3 AND views & 1
             ORDER BY entry {direction} LIMIT 1"
        );
        let further = format!(
            "SELECT entry FROM field_index WHERE slot = ?1 AND key {side} ?2 AND key < '' AND views & 1 AND ?3
             ORDER BY key {direction}, entry {direction} LIMIT 1"
        );
        for sql in [at_once, further] {
            let found = self
                .connection
                .prepare_cached(&sql)?
                .query_row(params![slot, key, post.0], |row| row.get(0).map(EntryId))
                .optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

impl Write<'_> {
    /// Adds an author; the `id` is given by the database unless it is positive.
    ///
    /// # Errors
    /// `Taken` when another has the slug, and the database's, as for every method here.
    pub fn add_author(&mut self, author: &Author) -> Result<i64, Error> {
        let sql = format!("INSERT INTO author ({AUTHOR_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        let wanted = (author.id > 0).then_some(author.id);
        self.write_author(&sql, wanted, author)?;
        let id = self.connection.last_insert_rowid();
        self.put_author_uses(id, Some(author))?;
        self.touch(Key::Author(id));
        self.touch(Key::Authors);
        Ok(id)
    }

    /// Changes an author.
    pub fn put_author(&mut self, author: &Author) -> Result<(), Error> {
        let sql = "UPDATE author SET slug = ?2, email = ?3, first_name = ?4, last_name = ?5, bio = ?6, title = ?7,
             linkedin_url = ?8, facebook_url = ?9, instagram_url = ?10, pinterest_url = ?11, twitter_handle = ?12,
             profile_image = ?13 WHERE id = ?1";
        self.write_author(sql, Some(author.id), author)?;
        self.put_author_uses(author.id, Some(author))?;
        self.touch(Key::Author(author.id));
        self.touch(Key::Authors);
        Ok(())
    }

    fn write_author(&self, sql: &str, id: Option<i64>, author: &Author) -> Result<(), Error> {
        self.connection.execute(
            sql,
            params![
                id,
                author.slug,
                author.email,
                author.first_name,
                author.last_name,
                author.bio,
                author.title,
                author.linkedin_url,
                author.facebook_url,
                author.instagram_url,
                author.pinterest_url,
                author.twitter_handle,
                author.profile_image,
            ],
        )?;
        Ok(())
    }

    /// Removes an author.
    pub fn remove_author(&mut self, id: i64) -> Result<(), Error> {
        self.connection.execute("DELETE FROM author WHERE id = ?", [id])?;
        self.put_author_uses(id, None)?;
        self.touch(Key::Author(id));
        self.touch(Key::Authors);
        Ok(())
    }

    /// Adds a category or tag; the `id` is given by the database unless it is positive.
    pub fn add_term(&mut self, filing: Filing, term: &Term) -> Result<i64, Error> {
        let sql = format!("INSERT INTO {} (id, slug, name) VALUES (?, ?, ?)", table(filing));
        self.connection.prepare_cached(&sql)?.execute(params![
            (term.id > 0).then_some(term.id),
            term.slug,
            term.name
        ])?;
        let id = self.connection.last_insert_rowid();
        keys(filing, id).into_iter().for_each(|key| self.touch(key));
        Ok(id)
    }

    /// Renames a category or tag.
    pub fn put_term(&mut self, filing: Filing, term: &Term) -> Result<(), Error> {
        let sql = format!("UPDATE {} SET slug = ?2, name = ?3 WHERE id = ?1", table(filing));
        self.connection.execute(&sql, params![term.id, term.slug, term.name])?;
        keys(filing, term.id).into_iter().for_each(|key| self.touch(key));
        Ok(())
    }

    /// Removes a category or tag that no post is filed under.
    pub fn remove_term(&mut self, filing: Filing, id: i64) -> Result<(), Error> {
        self.connection.execute(&format!("DELETE FROM {} WHERE id = ?", table(filing)), [id])?;
        keys(filing, id).into_iter().for_each(|key| self.touch(key));
        Ok(())
    }
}

fn read_author(row: &Row<'_>) -> rusqlite::Result<Author> {
    Ok(Author {
        id: row.get(0)?,
        slug: row.get(1)?,
        email: row.get(2)?,
        first_name: row.get(3)?,
        last_name: row.get(4)?,
        bio: row.get(5)?,
        title: row.get(6)?,
        linkedin_url: row.get(7)?,
        facebook_url: row.get(8)?,
        instagram_url: row.get(9)?,
        pinterest_url: row.get(10)?,
        twitter_handle: row.get(11)?,
        profile_image: row.get(12)?,
    })
}

fn read_term(row: &Row<'_>) -> rusqlite::Result<Term> {
    Ok(Term { id: row.get(0)?, name: row.get(1)?, slug: row.get(2)? })
}
