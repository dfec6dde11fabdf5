-- What editing needs: who began an entry, what each revision was made by, and the answers to saves, so that
-- a repeated save gets the first answer. Only additions: the program before this one works on it too.

-- A person of the dashboard; NULL for programs and imports.
ALTER TABLE entry ADD COLUMN creator INTEGER;
ALTER TABLE entry ADD COLUMN deleted_by TEXT;

-- kind: edit, autosave, published, restored, scheduled, import, api. named: what a person called it.
ALTER TABLE revision ADD COLUMN kind TEXT NOT NULL DEFAULT 'edit';
ALTER TABLE revision ADD COLUMN named TEXT;

-- Removing a revision makes SQLite look for variants that point at it.
CREATE INDEX variant_live ON variant (live) WHERE live IS NOT NULL;
CREATE INDEX variant_draft ON variant (draft) WHERE draft IS NOT NULL;

-- digest: SHA-256 of the request in hex; a copied tab may use its original's numbers for other changes.
CREATE TABLE reply (
    user     INTEGER NOT NULL,
    client   TEXT NOT NULL,
    seq      INTEGER NOT NULL,
    digest   TEXT NOT NULL,
    entry    INTEGER NOT NULL,
    conflict INTEGER NOT NULL,
    answer   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (user, client, seq, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_at ON reply (at);
CREATE INDEX reply_entry ON reply (entry);

-- Autosaves that a later one took the place of, with the paths (a JSON list) that differ between the two:
-- whoever still works from one can be told from it what changed since.
CREATE TABLE folded (
    revision INTEGER PRIMARY KEY,
    next     INTEGER NOT NULL,
    paths    TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX folded_at ON folded (at);
