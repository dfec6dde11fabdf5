-- One site. Moments are microseconds since the Unix epoch, UTC. JSON is text.

-- Numbers that belong to the whole site: "model" counts model changes, "tokens" token changes, "transactions"
-- all that was ever committed; "identity" tells this database from others.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The content model as one document, and the ids not yet given away.
CREATE TABLE model (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    definition  TEXT NOT NULL,
    next_group  INTEGER NOT NULL,
    next_locale INTEGER NOT NULL,
    next_field  INTEGER NOT NULL
) STRICT;

-- Pages, items and posts share one sequence of ids.
CREATE TABLE entry (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    schema         INTEGER NOT NULL,
    slug           TEXT,
    draft_slug     TEXT,
    created        INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    deleted        INTEGER,
    translation_of INTEGER REFERENCES entry (id)
) STRICT;
CREATE UNIQUE INDEX entry_slug ON entry (slug, schema) WHERE slug IS NOT NULL AND deleted IS NULL;
CREATE INDEX entry_draft_slug ON entry (draft_slug, schema) WHERE draft_slug IS NOT NULL AND deleted IS NULL;
CREATE INDEX entry_schema ON entry (schema, position);
CREATE INDEX entry_deleted ON entry (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX entry_translation ON entry (translation_of) WHERE translation_of IS NOT NULL;

CREATE TABLE revision (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    entry  INTEGER NOT NULL REFERENCES entry (id),
    locale INTEGER NOT NULL,
    name   TEXT NOT NULL,
    slug   TEXT,
    fields TEXT NOT NULL,
    at     INTEGER NOT NULL,
    by     TEXT NOT NULL,
    why    TEXT NOT NULL
) STRICT;
CREATE INDEX revision_entry ON revision (entry, locale, id);

CREATE TABLE variant (
    entry     INTEGER NOT NULL REFERENCES entry (id),
    locale    INTEGER NOT NULL,
    live      INTEGER REFERENCES revision (id),
    draft     INTEGER REFERENCES revision (id),
    published INTEGER,
    updated   INTEGER NOT NULL,
    scheduled INTEGER,
    unpublish INTEGER,
    PRIMARY KEY (entry, locale)
) STRICT, WITHOUT ROWID;
CREATE INDEX variant_scheduled ON variant (scheduled) WHERE scheduled IS NOT NULL;
CREATE INDEX variant_unpublish ON variant (unpublish) WHERE unpublish IS NOT NULL;

-- Field paths as numbers, per schema and locale. Schema 0 is "all single pages".
CREATE TABLE slot (
    id     INTEGER PRIMARY KEY,
    schema INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    path   TEXT NOT NULL,
    UNIQUE (schema, locale, path)
) STRICT;

-- The value of an entry at a path. key: REAL, or TEXT in lower case, or x'' when empty; exact: the text itself
-- where key does not say it all; tie: what equal values are ordered by; views: 1 readers, 2 previews, 3 both.
CREATE TABLE field_index (
    slot  INTEGER NOT NULL,
    key   ANY NOT NULL,
    tie   TEXT NOT NULL,
    entry INTEGER NOT NULL,
    exact TEXT NOT NULL,
    views INTEGER NOT NULL,
    PRIMARY KEY (slot, key, tie, entry, exact)
) STRICT, WITHOUT ROWID;
-- All columns, so that what an entry holds is answered from here alone.
CREATE INDEX field_index_entry ON field_index (entry, slot, key, exact, views, tie);

-- How many entries hold each value, so that counting and skipping need not visit them.
CREATE TABLE facet (
    slot   INTEGER NOT NULL,
    key    ANY NOT NULL,
    exact  TEXT NOT NULL,
    live   INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    PRIMARY KEY (slot, key, exact)
) STRICT, WITHOUT ROWID;

-- Where is this used?
CREATE TABLE link (
    target INTEGER NOT NULL,
    source INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    path   TEXT NOT NULL,
    views  INTEGER NOT NULL,
    PRIMARY KEY (target, source, locale, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_source ON link (source, locale);

CREATE TABLE search_row (
    id     INTEGER PRIMARY KEY,
    entry  INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    views  INTEGER NOT NULL
) STRICT;
CREATE INDEX search_row_entry ON search_row (entry, locale);
CREATE VIRTUAL TABLE search USING fts5 (
    title, text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE author (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    slug           TEXT NOT NULL UNIQUE,
    email          TEXT NOT NULL,
    first_name     TEXT NOT NULL,
    last_name      TEXT NOT NULL,
    bio            TEXT NOT NULL,
    title          TEXT NOT NULL,
    linkedin_url   TEXT NOT NULL,
    facebook_url   TEXT NOT NULL,
    instagram_url  TEXT NOT NULL,
    pinterest_url  TEXT NOT NULL,
    twitter_handle TEXT NOT NULL,
    profile_image  TEXT NOT NULL
) STRICT;
CREATE INDEX author_email ON author (email COLLATE NOCASE);

CREATE TABLE category (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;
CREATE TABLE tag (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE media (
    id       TEXT PRIMARY KEY,
    hash     TEXT NOT NULL,
    filename TEXT NOT NULL,
    type     TEXT NOT NULL,
    alt      TEXT NOT NULL,
    width    INTEGER,
    height   INTEGER,
    size     INTEGER NOT NULL,
    created  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    email    TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    password TEXT NOT NULL,
    created  INTEGER NOT NULL
) STRICT;

-- hash: SHA-256 of the token in hex. secret: the token itself, for read tokens only, because sites publish them.
CREATE TABLE token (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    hash    TEXT NOT NULL UNIQUE,
    secret  TEXT,
    preview INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

-- What each transaction changed, as surrogate keys, for other processes on this folder.
CREATE TABLE change (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    keys TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT;
