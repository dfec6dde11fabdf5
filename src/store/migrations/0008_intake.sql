-- Pictures and files of other servers that entries show and that the library shall have: asked for by the write,
-- fetched afterwards. Only additions: the program before this one works on it too.

-- html: 1 when pictures in texts are meant too. due: when it is tried next; NULL once it was given up.
-- why: why the last try failed.
CREATE TABLE wanted_media (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    entry  INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    locale INTEGER NOT NULL,
    url    TEXT NOT NULL,
    html   INTEGER NOT NULL,
    by     TEXT NOT NULL,
    at     INTEGER NOT NULL,
    tries  INTEGER NOT NULL DEFAULT 0,
    due    INTEGER,
    why    TEXT
) STRICT;
CREATE UNIQUE INDEX wanted_media_of ON wanted_media (entry, locale, url);
CREATE INDEX wanted_media_due ON wanted_media (due) WHERE due IS NOT NULL;
CREATE INDEX wanted_media_url ON wanted_media (url);
