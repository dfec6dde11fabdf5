-- The media library: folders, tags, earlier versions, and where each picture or file is used. Only additions: the
-- program before this one works on it too.

-- name: unique among its neighbours, without regard to case. parent: NULL at the top.
CREATE TABLE media_folder (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    parent INTEGER REFERENCES media_folder (id),
    name   TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX media_folder_name ON media_folder (ifnull(parent, 0), lower(name));

-- width and height are as shown, after orientation. focal_x, focal_y: fractions from the left and top.
-- colour: #rrggbb. placeholder: a thumbhash in base64. served: the hash of the copy without metadata that is served;
-- NULL when that is the original itself. uses: how many lines media_use has for it.
ALTER TABLE media ADD COLUMN folder INTEGER REFERENCES media_folder (id);
ALTER TABLE media ADD COLUMN focal_x REAL;
ALTER TABLE media ADD COLUMN focal_y REAL;
ALTER TABLE media ADD COLUMN colour TEXT;
ALTER TABLE media ADD COLUMN placeholder TEXT;
ALTER TABLE media ADD COLUMN frames INTEGER NOT NULL DEFAULT 1;
ALTER TABLE media ADD COLUMN served TEXT;
ALTER TABLE media ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN deleted INTEGER;
ALTER TABLE media ADD COLUMN deleted_by TEXT;
ALTER TABLE media ADD COLUMN by TEXT NOT NULL DEFAULT '';
ALTER TABLE media ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;

-- What the library narrows by. family: 1 picture, 2 film, 3 sound, 4 anything else. shape: 1 wide, 2 tall, 3 square
-- (within a twentieth), 0 unknown. bare: a picture without alternative text.
ALTER TABLE media ADD COLUMN family INTEGER NOT NULL AS (
    CASE substr(type, 1, 6) WHEN 'image/' THEN 1 WHEN 'video/' THEN 2 WHEN 'audio/' THEN 3 ELSE 4 END) VIRTUAL;
ALTER TABLE media ADD COLUMN shape INTEGER NOT NULL AS (
    CASE WHEN ifnull(width, 0) = 0 OR ifnull(height, 0) = 0 THEN 0
         WHEN 20 * width BETWEEN 19 * height AND 21 * height THEN 3
         WHEN width > height THEN 1 ELSE 2 END) VIRTUAL;
ALTER TABLE media ADD COLUMN bare INTEGER NOT NULL AS (substr(type, 1, 6) = 'image/' AND trim(alt) = '') VIRTUAL;
ALTER TABLE media ADD COLUMN folded TEXT NOT NULL AS (lower(substr(filename, 1, 100))) VIRTUAL;
UPDATE media SET updated = created;

-- All that narrows stands in each of the orders, so that lists and counts are answered from them alone.
CREATE INDEX media_newest ON media (created, id, family, shape, bare, uses, folder) WHERE deleted IS NULL;
CREATE INDEX media_named ON media (folded, id, family, shape, bare, uses, folder, created) WHERE deleted IS NULL;
CREATE INDEX media_sized ON media (size, id, family, shape, bare, uses, folder, created) WHERE deleted IS NULL;
CREATE INDEX media_folder_of ON media (folder, created, id, family, shape, bare, uses) WHERE deleted IS NULL;
CREATE INDEX media_deleted ON media (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX media_hash ON media (hash);
CREATE INDEX media_served ON media (served) WHERE served IS NOT NULL;

-- folded: in lower case, by which equal tags are one.
CREATE TABLE media_tag (
    media  TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    folded TEXT NOT NULL,
    tag    TEXT NOT NULL,
    PRIMARY KEY (media, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_tag_folded ON media_tag (folded, media);

-- What it was before it was replaced. at, by: when and by whom these bytes came.
CREATE TABLE media_version (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    media       TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,
    by          TEXT NOT NULL,
    hash        TEXT NOT NULL,
    served      TEXT,
    filename    TEXT NOT NULL,
    type        TEXT NOT NULL,
    width       INTEGER,
    height      INTEGER,
    size        INTEGER NOT NULL,
    colour      TEXT,
    placeholder TEXT,
    frames      INTEGER NOT NULL,
    focal_x     REAL,
    focal_y     REAL
) STRICT;
CREATE INDEX media_version_media ON media_version (media, id);
CREATE INDEX media_version_hash ON media_version (hash);
CREATE INDEX media_version_served ON media_version (served) WHERE served IS NOT NULL;

-- Which entries and authors use it: one of the two is 0. path: the field of the entry, by its storage key; views: 1
-- readers, 2 previews, 3 both. What lies in the trash uses nothing. media may name what is not there.
CREATE TABLE media_use (
    media  TEXT NOT NULL,
    entry  INTEGER NOT NULL,
    author INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    path   TEXT NOT NULL,
    views  INTEGER NOT NULL,
    PRIMARY KEY (media, entry, author, locale, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_use_entry ON media_use (entry, locale);
CREATE INDEX media_use_author ON media_use (author) WHERE author > 0;

CREATE TRIGGER media_used AFTER INSERT ON media_use BEGIN
    UPDATE media SET uses = uses + 1 WHERE id = new.media;
END;
CREATE TRIGGER media_unused AFTER DELETE ON media_use BEGIN
    UPDATE media SET uses = uses - 1 WHERE id = old.media;
END;

-- Name, alternative text and tags, to be searched for any part of a word.
CREATE TABLE media_words (
    id    INTEGER PRIMARY KEY,
    media TEXT NOT NULL UNIQUE REFERENCES media (id) ON DELETE CASCADE,
    text  TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE media_search USING fts5 (
    text, content = 'media_words', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
);
CREATE TRIGGER media_words_added AFTER INSERT ON media_words BEGIN
    INSERT INTO media_search (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER media_words_removed AFTER DELETE ON media_words BEGIN
    INSERT INTO media_search (media_search, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER media_worded AFTER INSERT ON media BEGIN
    DELETE FROM media_words WHERE media = new.id;
    INSERT INTO media_words (media, text) VALUES (new.id, new.filename || char(10) || new.alt);
END;
CREATE TRIGGER media_reworded AFTER UPDATE OF filename, alt ON media
WHEN (new.filename, new.alt) IS NOT (old.filename, old.alt) BEGIN
    DELETE FROM media_words WHERE media = new.id;
    INSERT INTO media_words (media, text)
    SELECT new.id, new.filename || char(10) || new.alt || char(10)
        || ifnull((SELECT group_concat(tag, char(10)) FROM media_tag WHERE media = new.id), '');
END;
CREATE TRIGGER media_tagged AFTER INSERT ON media_tag BEGIN
    DELETE FROM media_words WHERE media = new.media;
    INSERT INTO media_words (media, text)
    SELECT id, filename || char(10) || alt || char(10)
        || ifnull((SELECT group_concat(tag, char(10)) FROM media_tag WHERE media = new.media), '')
      FROM media WHERE id = new.media;
END;
CREATE TRIGGER media_untagged AFTER DELETE ON media_tag BEGIN
    DELETE FROM media_words WHERE media = old.media;
    INSERT INTO media_words (media, text)
    SELECT id, filename || char(10) || alt || char(10)
        || ifnull((SELECT group_concat(tag, char(10)) FROM media_tag WHERE media = old.media), '')
      FROM media WHERE id = old.media;
END;
INSERT INTO media_words (media, text) SELECT id, filename || char(10) || alt FROM media;
