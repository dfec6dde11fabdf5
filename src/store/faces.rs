//! Where the entries of each schema keep the words and the picture that lists show of them.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::Error;
use crate::content::definition::BLOG;
use crate::content::field::{Field, FieldType};
use crate::content::schema::{Kind, Model, Schema};

/// Two JSON paths into the fields of a revision.
#[derive(Debug, PartialEq, Eq)]
struct Face {
    /// `None`: the revision's name.
    title: Option<String>,
    picture: Option<String>,
}

/// Brings the faces in step with the model, and the lines of the schemas whose face has changed.
pub(super) fn put(connection: &Connection, model: &Model) -> Result<(), Error> {
    for schema in &model.schemas {
        let face = Face::of(schema);
        if known(connection, schema)?.as_ref() == Some(&face) {
            continue;
        }
        connection.execute(
            "INSERT OR REPLACE INTO face (schema, title, picture) VALUES (?, ?, ?)",
            params![schema.id.0, face.title, face.picture],
        )?;
        connection.execute("DELETE FROM overview WHERE schema = ?", [schema.id.0])?;
        connection.execute("INSERT INTO overview SELECT * FROM overview_now WHERE schema = ?", [schema.id.0])?;
    }
    Ok(())
}

fn known(connection: &Connection, schema: &Schema) -> Result<Option<Face>, Error> {
    let mut statement = connection.prepare_cached("SELECT title, picture FROM face WHERE schema = ?")?;
    let read = |row: &rusqlite::Row<'_>| Ok(Face { title: row.get(0)?, picture: row.get(1)? });
    Ok(statement.query_row([schema.id.0], read).optional()?)
}

impl Face {
    fn of(schema: &Schema) -> Self {
        if schema.id == BLOG {
            return Self { title: None, picture: Some("$.featured_image.url".into()) };
        }
        let named = schema.label_field().filter(|field| says_a_line(field));
        let title = named.or_else(|| schema.fields().find(|field| says_a_line(field)));
        let picture = schema.fields().find(|field| matches!(field.kind, FieldType::Media(_)));
        Self {
            title: title.filter(|_| schema.kind == Kind::Collection).map(place),
            picture: picture.map(|field| format!("{}.url", place(field))),
        }
    }
}

/// Whether the value reads well as a name.
fn says_a_line(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldType::ShortText(_)
            | FieldType::LongText(_)
            | FieldType::Number(_)
            | FieldType::Date(_)
            | FieldType::DateTime(_)
            | FieldType::Dropdown(_)
            | FieldType::Url(_)
            | FieldType::Email(_)
    )
}

fn place(field: &Field) -> String {
    format!("$.\"{}\"", field.id.storage_key())
}
