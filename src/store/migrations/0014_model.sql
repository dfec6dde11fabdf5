-- The content model as people are changing it, before they save it. What is not saved is nobody else's affair, and
-- gone with the account.
-- number: of the model it began with; base: that model's whole document; board: as it shall be.
CREATE TABLE model_draft (
    user   INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    base   TEXT NOT NULL,
    board  TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

-- Which content programs read: how often, a day, an API token asked for entries of a schema. Counted by sampling.
-- day: days since 1970. path: a field that was filtered or ordered by, as ids joined by dots; empty for the entries.
-- name: the alias by which a field was asked for; empty when by its key.
CREATE TABLE reading (
    day    INTEGER NOT NULL,
    token  INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    path   TEXT NOT NULL DEFAULT '',
    name   TEXT NOT NULL DEFAULT '',
    times  INTEGER NOT NULL,
    PRIMARY KEY (day, token, schema, path, name)
) STRICT, WITHOUT ROWID;

-- Who changed the model last, and when; NULL when that is not known.
ALTER TABLE model ADD COLUMN changed INTEGER;
ALTER TABLE model ADD COLUMN changed_by TEXT;
