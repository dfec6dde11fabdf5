-- What happened to entries beside being written, who waits for a review, and links that show a draft to people
-- without an account. Only additions: the program before this one works on it too.

-- Events are never changed. kind: published, unpublished, scheduled, … (content::event). previous: what was live
-- before. detail: JSON, what only this kind of event has.
CREATE TABLE event (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    entry    INTEGER NOT NULL,
    locale   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    by       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    revision INTEGER,
    previous INTEGER,
    detail   TEXT NOT NULL
) STRICT;
CREATE INDEX event_entry ON event (entry, locale, id);

-- What an event did to the kept answers, known only after it is on disk. urls: a JSON list.
CREATE TABLE outcome (
    event   INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
    ms      REAL NOT NULL,
    rebuilt INTEGER NOT NULL,
    evicted INTEGER NOT NULL,
    urls    TEXT NOT NULL
) STRICT;

-- Drafts whose writers have asked for a review. user: a person of the dashboard.
CREATE TABLE review (
    entry  INTEGER NOT NULL,
    locale INTEGER NOT NULL,
    user   INTEGER NOT NULL,
    by     TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (entry, locale)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_at ON review (at);

-- hash: SHA-256 of the token in hex. name: what a shared link is called; NULL for a person's own preview.
CREATE TABLE preview (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    hash    TEXT NOT NULL UNIQUE,
    entry   INTEGER NOT NULL,
    locale  INTEGER NOT NULL,
    user    INTEGER NOT NULL,
    by      TEXT NOT NULL,
    created INTEGER NOT NULL,
    ends    INTEGER NOT NULL,
    name    TEXT
) STRICT;
CREATE INDEX preview_entry ON preview (entry, locale);
CREATE INDEX preview_ends ON preview (ends);
