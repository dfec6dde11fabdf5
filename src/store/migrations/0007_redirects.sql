-- Where visitors of an address that is no more are sent. Only additions: the program before this one works on it too.

-- source: a path, without a slash at its end. target: a path or a whole address; NULL: nothing is there any more.
CREATE TABLE redirect (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL UNIQUE,
    target TEXT,
    status INTEGER NOT NULL,
    by     TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
