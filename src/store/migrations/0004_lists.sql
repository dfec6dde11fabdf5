-- What editors' lists show, counted and in order, so that neither a list nor its counts read the content.
-- The database itself keeps it in step: a program before this one, which knows nothing of it, may be at work on
-- the same file during an upgrade. Only additions.

ALTER TABLE entry ADD COLUMN archived INTEGER;

-- Where a schema's entries keep what names and shows them, as JSON paths into a revision's fields; without a
-- title's path it is the revision's name.
CREATE TABLE face (
    schema  INTEGER PRIMARY KEY,
    title   TEXT,
    picture TEXT
) STRICT;

-- One line per variant and lane: 1 what readers get, 2 what editors work on.
-- standing: 1 draft, 2 live with a newer draft, 3 scheduled, 4 live, 5 archived. creator: 0 for nobody.
CREATE TABLE overview (
    entry     INTEGER NOT NULL,
    locale    INTEGER NOT NULL,
    lane      INTEGER NOT NULL,
    schema    INTEGER NOT NULL,
    standing  INTEGER NOT NULL,
    creator   INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    title     TEXT NOT NULL,
    folded    TEXT NOT NULL,
    slug      TEXT,
    edited    INTEGER NOT NULL,
    editor    TEXT NOT NULL,
    went_live INTEGER,
    scheduled INTEGER,
    position  INTEGER NOT NULL,
    picture   TEXT,
    author    INTEGER,
    PRIMARY KEY (entry, locale, lane)
) STRICT, WITHOUT ROWID;
CREATE INDEX overview_edited ON overview (schema, lane, edited, entry, locale);
CREATE INDEX overview_title ON overview (schema, lane, folded, entry, locale);
CREATE INDEX overview_position ON overview (schema, lane, position, entry, locale);
CREATE INDEX overview_standing ON overview (schema, lane, standing, edited, entry, locale);
CREATE INDEX overview_creator ON overview (creator, schema, lane) WHERE creator > 0;
CREATE INDEX overview_went_live ON overview (went_live) WHERE lane = 1;

-- Which posts are filed where. path: author, category, tag.
CREATE TABLE filed (
    lane   INTEGER NOT NULL,
    path   TEXT NOT NULL,
    id     INTEGER NOT NULL,
    entry  INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    PRIMARY KEY (lane, path, id, entry, locale)
) STRICT, WITHOUT ROWID;
CREATE INDEX filed_entry ON filed (entry, locale, lane);

-- How many lines there are.
CREATE TABLE tally (
    schema   INTEGER NOT NULL,
    lane     INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    creator  INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    PRIMARY KEY (schema, lane, standing, creator)
) STRICT, WITHOUT ROWID;

-- What somebody edited last.
CREATE INDEX revision_by ON revision (by, id);

-- What could not go live at its time, until it does or is changed.
CREATE TABLE missed (
    entry  INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    why    TEXT NOT NULL,
    PRIMARY KEY (entry, locale)
) STRICT, WITHOUT ROWID;

-- Lists that a person looks at again and again: `query` is what stands behind the question mark.
CREATE TABLE saved_view (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    user   INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    schema INTEGER NOT NULL,
    name   TEXT NOT NULL,
    query  TEXT NOT NULL,
    UNIQUE (user, schema, name)
) STRICT;

-- What a person has chosen for themselves, such as the columns of a list.
CREATE TABLE preference (
    user  INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (user, name)
) STRICT, WITHOUT ROWID;

CREATE VIEW overview_now AS
SELECT variant.entry, variant.locale, lane.number AS lane, entry.schema,
       CASE WHEN lane.number = 1 THEN 4
            WHEN entry.archived IS NOT NULL THEN 5
            WHEN variant.scheduled IS NOT NULL AND variant.draft IS NOT NULL THEN 3
            WHEN variant.live IS NULL THEN 1
            WHEN variant.draft IS NOT NULL THEN 2
            ELSE 4 END AS standing,
       ifnull(entry.creator, 0) AS creator,
       revision.id AS revision,
       substr(ifnull(CAST(json_extract(revision.fields, face.title) AS TEXT), revision.name), 1, 300) AS title,
       lower(substr(ifnull(CAST(json_extract(revision.fields, face.title) AS TEXT), revision.name), 1, 100)) AS folded,
       CASE WHEN lane.number = 1 THEN entry.slug ELSE ifnull(revision.slug, entry.slug) END AS slug,
       revision.at AS edited,
       revision.by AS editor,
       CASE WHEN variant.live IS NOT NULL THEN variant.updated END AS went_live,
       CASE WHEN lane.number = 2 AND variant.draft IS NOT NULL THEN variant.scheduled END AS scheduled,
       entry.position,
       nullif(CAST(json_extract(revision.fields, face.picture) AS TEXT), '') AS picture,
       CASE WHEN entry.schema = 1 THEN CAST(json_extract(revision.fields, '$.author') AS INTEGER) END AS author
FROM variant
JOIN entry ON entry.id = variant.entry
JOIN (SELECT 1 AS number UNION ALL SELECT 2) AS lane
JOIN revision ON revision.id = CASE WHEN lane.number = 1 THEN variant.live ELSE ifnull(variant.draft, variant.live) END
LEFT JOIN face ON face.schema = entry.schema
WHERE entry.deleted IS NULL AND (lane.number = 2 OR entry.archived IS NULL);

CREATE TRIGGER overview_of_new AFTER INSERT ON variant BEGIN
    INSERT INTO overview SELECT * FROM overview_now WHERE entry = new.entry AND locale = new.locale;
END;
CREATE TRIGGER overview_of_changed AFTER UPDATE ON variant BEGIN
    DELETE FROM overview WHERE entry = new.entry AND locale = new.locale;
    INSERT INTO overview SELECT * FROM overview_now WHERE entry = new.entry AND locale = new.locale;
END;
CREATE TRIGGER overview_of_removed AFTER DELETE ON variant BEGIN
    DELETE FROM overview WHERE entry = old.entry AND locale = old.locale;
    DELETE FROM missed WHERE entry = old.entry AND locale = old.locale;
END;
CREATE TRIGGER overview_of_entry AFTER UPDATE OF slug, position, deleted, archived, creator ON entry
WHEN (old.slug, old.position, old.deleted, old.archived, old.creator)
  IS NOT (new.slug, new.position, new.deleted, new.archived, new.creator)
BEGIN
    DELETE FROM overview WHERE entry = new.id;
    INSERT INTO overview SELECT * FROM overview_now WHERE entry = new.id;
END;
CREATE TRIGGER missed_no_more AFTER UPDATE ON variant
WHEN new.scheduled IS NOT NULL OR new.draft IS NOT old.draft BEGIN
    DELETE FROM missed WHERE entry = new.entry AND locale = new.locale;
END;

CREATE TRIGGER line_added AFTER INSERT ON overview BEGIN
    INSERT INTO tally VALUES (new.schema, new.lane, new.standing, new.creator, 1)
        ON CONFLICT DO UPDATE SET lines = lines + 1;
END;
CREATE TRIGGER line_removed AFTER DELETE ON overview BEGIN
    UPDATE tally SET lines = lines - 1
     WHERE schema = old.schema AND lane = old.lane AND standing = old.standing AND creator = old.creator;
END;
CREATE TRIGGER post_filed AFTER INSERT ON overview WHEN new.schema = 1 BEGIN
    INSERT INTO filed
    SELECT DISTINCT new.lane, held.path, CAST(held.id AS INTEGER), new.entry, new.locale FROM (
        SELECT 'author' AS path, new.author AS id WHERE new.author IS NOT NULL
        UNION ALL SELECT 'category', value FROM revision, json_each(revision.fields, '$.categories')
                   WHERE revision.id = new.revision AND value IS NOT NULL
        UNION ALL SELECT 'tag', value FROM revision, json_each(revision.fields, '$.tags')
                   WHERE revision.id = new.revision AND value IS NOT NULL
    ) AS held;
END;
CREATE TRIGGER post_unfiled AFTER DELETE ON overview WHEN old.schema = 1 BEGIN
    DELETE FROM filed WHERE entry = old.entry AND locale = old.locale AND lane = old.lane;
END;

INSERT INTO face (schema, title, picture) VALUES (1, NULL, '$.featured_image.url');
INSERT INTO overview SELECT * FROM overview_now;
