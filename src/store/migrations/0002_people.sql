-- People sign in to the dashboard.

ALTER TABLE user ADD COLUMN theme TEXT NOT NULL DEFAULT 'system';

-- hash: SHA-256 of the cookie's secret in hex. seen: written at most every few minutes.
CREATE TABLE session (
    hash    TEXT PRIMARY KEY,
    user    INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    agent   TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);

-- When they were last there, to within minutes; whether single keys are commands to them; whether Home
-- shows them the first steps.
ALTER TABLE user ADD COLUMN seen INTEGER;
ALTER TABLE user ADD COLUMN shortcuts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE user ADD COLUMN guided INTEGER NOT NULL DEFAULT 1;

-- Links that were handed to somebody and work once. hash: SHA-256 of the link's secret in hex. An invitation has
-- email and role, a new password has user.
CREATE TABLE pass (
    hash    TEXT PRIMARY KEY,
    user    INTEGER REFERENCES user (id) ON DELETE CASCADE,
    email   TEXT COLLATE NOCASE UNIQUE,
    role    TEXT,
    by      TEXT NOT NULL,
    created INTEGER NOT NULL,
    ends    INTEGER NOT NULL,
    CHECK ((user IS NULL) = (email IS NOT NULL AND role IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX pass_user ON pass (user) WHERE user IS NOT NULL;

-- What the sample site brought, and what it was like then. kind: entry, media, author, category, tag, group, locale.
CREATE TABLE sample (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
