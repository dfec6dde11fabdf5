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
