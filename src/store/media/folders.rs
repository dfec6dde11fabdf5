//! Folders of the library: nested, each name once among its neighbours.

use rusqlite::{OptionalExtension, Row, params};

use crate::content::media::FolderId;
use crate::store::error::Error;
use crate::store::{Read, Write};

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFolder {
    /// Never changes.
    pub id: FolderId,
    /// The folder it lies in; `None` at the top.
    pub parent: Option<FolderId>,
    /// What people call it.
    pub name: String,
    /// How many pictures and files lie in it, not counting those in folders within.
    pub files: u64,
}

const FOLDER: &str = "SELECT id, parent, name,
     (SELECT count(*) FROM media INDEXED BY media_folder_of WHERE folder = media_folder.id AND deleted IS NULL)
     FROM media_folder";

impl Read<'_> {
    /// All folders, by name.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn media_folders(&self) -> Result<Vec<MediaFolder>, Error> {
        let mut statement = self.connection.prepare_cached(&format!("{FOLDER} ORDER BY lower(name), id"))?;
        let rows = statement.query_map([], read_folder)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The folder with this id.
    pub fn media_folder(&self, id: FolderId) -> Result<Option<MediaFolder>, Error> {
        let sql = format!("{FOLDER} WHERE id = ?");
        Ok(self.connection.prepare_cached(&sql)?.query_row([id.0], read_folder).optional()?)
    }

    /// The folder with this name in another, or at the top; case does not matter.
    pub fn media_folder_named(&self, parent: Option<FolderId>, name: &str) -> Result<Option<MediaFolder>, Error> {
        let sql = format!("{FOLDER} WHERE ifnull(parent, 0) = ? AND lower(name) = lower(?)");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![parent.map_or(0, |id| id.0), name], read_folder).optional()?)
    }

    /// The folders from the top down to this one, itself included; empty when there is none.
    pub fn media_folder_path(&self, id: FolderId) -> Result<Vec<MediaFolder>, Error> {
        let (mut path, mut next) = (Vec::new(), Some(id));
        while let Some(folder) = next.map_or(Ok(None), |id| self.media_folder(id))? {
            next = folder.parent.filter(|parent| path.iter().all(|seen: &MediaFolder| seen.id != *parent));
            path.push(folder);
        }
        path.reverse();
        Ok(path)
    }
}

impl Write<'_> {
    /// Makes a folder. The caller has looked that its name is free.
    ///
    /// # Errors
    /// The database's, as for every method here.
    pub fn add_media_folder(&mut self, parent: Option<FolderId>, name: &str) -> Result<FolderId, Error> {
        self.connection
            .prepare_cached("INSERT INTO media_folder (parent, name) VALUES (?, ?)")?
            .execute(params![parent.map(|id| id.0), name])?;
        Ok(FolderId(self.connection.last_insert_rowid()))
    }

    /// Changes a folder's name and place. The caller has looked that the name is free and that it does not come to
    /// lie in itself.
    pub fn put_media_folder(&mut self, folder: &MediaFolder) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE media_folder SET parent = ?2, name = ?3 WHERE id = ?1")?
            .execute(params![folder.id.0, folder.parent.map(|id| id.0), folder.name])?;
        Ok(())
    }

    /// Removes a folder without folders in it. Deleted pictures and files that lay in it would come back at the top.
    pub fn remove_media_folder(&mut self, id: FolderId) -> Result<(), Error> {
        self.connection.prepare_cached("UPDATE media SET folder = NULL WHERE folder = ?")?.execute([id.0])?;
        self.connection.prepare_cached("DELETE FROM media_folder WHERE id = ?")?.execute([id.0])?;
        Ok(())
    }

    /// Moves everything that lies in one folder into another, or to the top.
    pub fn move_media_folder_content(&mut self, from: FolderId, to: Option<FolderId>) -> Result<(), Error> {
        let to = to.map(|id| id.0);
        self.connection
            .prepare_cached("UPDATE media SET folder = ?2 WHERE folder = ?1")?
            .execute(params![from.0, to])?;
        self.connection
            .prepare_cached("UPDATE media_folder SET parent = ?2 WHERE parent = ?1")?
            .execute(params![from.0, to])?;
        Ok(())
    }
}

fn read_folder(row: &Row<'_>) -> rusqlite::Result<MediaFolder> {
    Ok(MediaFolder {
        id: FolderId(row.get(0)?),
        parent: row.get::<_, Option<i64>>(1)?.map(FolderId),
        name: row.get(2)?,
        files: row.get::<_, i64>(3)?.unsigned_abs(),
    })
}
