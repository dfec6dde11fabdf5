-- What editors overlook is kept as entries are written, so that the start page need not read them all; and who,
-- not only under which name, made a revision. Only additions: the program before this one works on it too. What
-- that one writes has no line here until it is saved again; lines name their revision, so none tells of old text.

ALTER TABLE revision ADD COLUMN user INTEGER;
UPDATE revision SET user = (SELECT min(id) FROM user WHERE name = revision.by HAVING count(*) = 1)
 WHERE by IN (SELECT name FROM user);
-- What somebody edited last, read without the revisions themselves.
CREATE INDEX revision_user ON revision (user, id, entry, locale) WHERE user IS NOT NULL;

-- Pictures that are not described where they are used. media: '' for those that are not in the library.
CREATE TABLE bare_picture (
    entry    INTEGER NOT NULL,
    locale   INTEGER NOT NULL,
    lane     INTEGER NOT NULL,
    media    TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (entry, locale, lane, media)
) STRICT, WITHOUT ROWID;
CREATE INDEX bare_picture_media ON bare_picture (media, revision);
CREATE INDEX media_nameless ON media (id) WHERE trim(alt) = '';

-- Links within the site, by path.
CREATE TABLE site_link (
    entry    INTEGER NOT NULL,
    locale   INTEGER NOT NULL,
    lane     INTEGER NOT NULL,
    path     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (entry, locale, lane, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX site_link_path ON site_link (path, revision);
