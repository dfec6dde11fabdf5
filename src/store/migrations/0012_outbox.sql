-- What others are told after a change: messages, written with it and sent afterwards, whom they go to, and what came
-- of that. Only additions: the program before this one works on it too (what it changes is told to nobody).

-- settings: JSON, read by what knows the kind. failures, since, resumes: how often in a row it did not take what was
-- sent, since when, and until when it is left alone.
CREATE TABLE outbox_target (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    active   INTEGER NOT NULL,
    settings TEXT NOT NULL,
    created  INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    since    INTEGER,
    resumes  INTEGER
) STRICT;

-- name: what receivers tell repeats by; made by chance, so that a site restored from a copy gives none twice.
CREATE TABLE outbox_message (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    name  TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    body  TEXT NOT NULL,
    at    INTEGER NOT NULL
) STRICT;

-- A message for one target. state: waiting, behind (an earlier one of its subject), sent, dead. since: when it was
-- posted, by the change or by hand. due: when it is tried, if it is waiting; 0 before all others. done: when it was sent or given up.
-- said: what the last attempt ended with, after ms milliseconds.
CREATE TABLE outbox_parcel (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    target  INTEGER NOT NULL REFERENCES outbox_target (id),
    message INTEGER NOT NULL REFERENCES outbox_message (id),
    subject TEXT,
    state   TEXT NOT NULL,
    tries   INTEGER NOT NULL DEFAULT 0,
    since   INTEGER NOT NULL,
    due     INTEGER,
    done    INTEGER,
    said    TEXT,
    ms      REAL
) STRICT;
CREATE INDEX outbox_parcel_due ON outbox_parcel (target, due) WHERE state = 'waiting';
CREATE INDEX outbox_parcel_turn ON outbox_parcel (target, subject, id) WHERE state IN ('waiting', 'behind');
CREATE INDEX outbox_parcel_old ON outbox_parcel (target, since) WHERE state IN ('waiting', 'behind');
CREATE INDEX outbox_parcel_state ON outbox_parcel (target, state, id);
CREATE INDEX outbox_parcel_done ON outbox_parcel (done) WHERE done IS NOT NULL;
CREATE INDEX outbox_parcel_message ON outbox_parcel (message);

-- exchanges: JSON, what was asked and answered, without secrets.
CREATE TABLE outbox_attempt (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    ms        REAL NOT NULL,
    said      TEXT NOT NULL,
    exchanges TEXT NOT NULL
) STRICT;
CREATE TABLE outbox_attempt_parcel (
    parcel  INTEGER NOT NULL REFERENCES outbox_parcel (id),
    attempt INTEGER NOT NULL REFERENCES outbox_attempt (id),
    taken   INTEGER NOT NULL,
    PRIMARY KEY (parcel, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_attempt_parcel_attempt ON outbox_attempt_parcel (attempt);
