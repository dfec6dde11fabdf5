-- Keys of the site that nobody is told. It never leaves the database: archives do not hold it.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What the addresses in the field ask to be done to the picture, with spaces between them: the tasks before the id as
-- they are written, and the query with its `?`. Empty for the picture as it is.
ALTER TABLE media_use ADD COLUMN asked TEXT NOT NULL DEFAULT '';
CREATE INDEX media_use_asked ON media_use (media, asked) WHERE asked <> '';
