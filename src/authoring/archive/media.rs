//! Pictures and files in an archive.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::authoring::Error;
use crate::content::media::FolderId;
use crate::store::{MediaRow, MediaVersion, Read, Write};

/// A line of `media.jsonl`: a picture or file with where it lies and what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::authoring) struct MediaLine {
    #[serde(flatten)]
    pub(in crate::authoring) row: MediaRow,
    /// The names of its folders, from the top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::authoring) folders: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::authoring) tags: Vec<String>,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::authoring) versions: Vec<MediaVersion>,
}

/// A line of `folders.jsonl`: the names of a folder and those it lies in, from the top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::authoring) struct FolderLine {
    pub(in crate::authoring) folders: Vec<String>,
}

/// A line with the names of its files in the archive.
#[derive(Debug)]
pub(in crate::authoring) struct MediaPart {
    pub(in crate::authoring) line: MediaLine,
    /// The hash and name of each file: first its own, then those of its versions.
    pub(in crate::authoring) files: Vec<(String, String)>,
}

impl MediaLine {
    /// What an archive says of a row.
    pub(in crate::authoring) fn of(read: &Read<'_>, row: MediaRow) -> Result<Self, Error> {
        let path = row.folder.map_or(Ok(Vec::new()), |folder| read.media_folder_path(folder))?;
        let mut versions = read.media_versions(&row.id)?;
        versions.reverse();
        let folders = path.into_iter().map(|folder| folder.name).collect();
        Ok(Self { folders, tags: read.media_tags(&row.id)?, versions, row })
    }

    /// Writes the row and all that belongs to it.
    pub(in crate::authoring) fn put(&self, write: &mut Write<'_>) -> Result<(), Error> {
        let folder = folder_at(write, &self.folders)?;
        write.put_media(&MediaRow { folder, ..self.row.clone() })?;
        write.put_media_tags(&self.row.id, &self.tags)?;
        for version in &self.versions {
            write.add_media_version(&self.row.id, version)?;
        }
        Ok(())
    }
}

/// The folders that no line of a picture or file leads to or through.
pub(in crate::authoring) fn empty_folders(read: &Read<'_>, lines: &[MediaLine]) -> Result<Vec<FolderLine>, Error> {
    let led_to: HashSet<&[String]> =
        lines.iter().flat_map(|line| (1..=line.folders.len()).map(|depth| &line.folders[..depth])).collect();
    let mut empty = Vec::new();
    for folder in read.media_folders()? {
        let path = read.media_folder_path(folder.id)?;
        let folders: Vec<String> = path.into_iter().map(|folder| folder.name).collect();
        if !led_to.contains(folders.as_slice()) {
            empty.push(FolderLine { folders });
        }
    }
    // Not by id: equal sites give equal archives.
    empty.sort_by(|one, other| one.folders.cmp(&other.folders));
    Ok(empty)
}

/// The folder at the end of a path of names; made where it is not there.
pub(in crate::authoring) fn folder_at(write: &mut Write<'_>, names: &[String]) -> Result<Option<FolderId>, Error> {
    let mut folder = None;
    for name in names {
        let known = write.media_folder_named(folder, name)?.map(|known| known.id);
        folder = Some(known.map_or_else(|| write.add_media_folder(folder, name), Ok)?);
    }
    Ok(folder)
}
