-- Who may come in, and what they did. Only additions: the program before this one works on it too.

-- ends: until when the token works; NULL: until it is removed. old_hash: the secret before this one, which works beside
-- it until old_ends. seen: the last use, from the range of addresses seen_from; written at most every few minutes.
ALTER TABLE token ADD COLUMN ends INTEGER;
ALTER TABLE token ADD COLUMN old_hash TEXT;
ALTER TABLE token ADD COLUMN old_ends INTEGER;
ALTER TABLE token ADD COLUMN seen INTEGER;
ALTER TABLE token ADD COLUMN seen_from TEXT;

-- second: what somebody shows beside the password, as JSON (account::SecondFactor); NULL: nothing.
ALTER TABLE user ADD COLUMN second TEXT;
-- sees_as: the role by which an owner looks at the dashboard in this session; NULL: their own.
ALTER TABLE session ADD COLUMN sees_as TEXT;

-- id: by which browsers know the passkey; handle: by which they know its owner. key and state: as auth::passkey writes
-- them.
CREATE TABLE passkey (
    id      BLOB PRIMARY KEY,
    user    INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    handle  BLOB NOT NULL,
    name    TEXT NOT NULL,
    key     BLOB NOT NULL,
    state   BLOB NOT NULL,
    created INTEGER NOT NULL,
    seen    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_user ON passkey (user);

-- Who did what, when and from where (account::Deed). Lines are never changed, and stay when what they tell of is gone.
-- user: the person, when it was one. address: empty when it was done on the server. detail: JSON.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    deed    TEXT NOT NULL,
    by      TEXT NOT NULL,
    user    INTEGER,
    address TEXT NOT NULL,
    about   TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
CREATE INDEX audit_failure ON audit (id) WHERE deed = 'sign_in_failed';
