-- What readers were shown before, so that the site can be read as it was at a moment. Each row holds what was so
-- until then; what has not changed since is where it always was, and has no row. Written by triggers, so that the
-- program before this one, which works on this format too, keeps it complete.

-- live: NULL when readers were shown nothing. The revision it names may have been removed for good since.
CREATE TABLE past_variant (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    entry     INTEGER NOT NULL,
    locale    INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    live      INTEGER,
    published INTEGER,
    updated   INTEGER NOT NULL
) STRICT;
CREATE INDEX past_variant_of ON past_variant (entry, locale, id);

CREATE TABLE past_entry (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    entry          INTEGER NOT NULL,
    until          INTEGER NOT NULL,
    slug           TEXT,
    position       INTEGER NOT NULL,
    deleted        INTEGER,
    archived       INTEGER,
    translation_of INTEGER
) STRICT;
CREATE INDEX past_entry_of ON past_entry (entry, id);

-- Rows of small tables, as JSON; row: NULL when there was none.
CREATE TABLE past_row (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    part  TEXT NOT NULL,
    key   ANY NOT NULL,
    until INTEGER NOT NULL,
    row   TEXT
) STRICT;
CREATE INDEX past_row_of ON past_row (part, key, id);

CREATE TRIGGER past_of_new_variant AFTER INSERT ON variant WHEN new.live IS NOT NULL BEGIN
    INSERT INTO past_variant (entry, locale, until, updated)
    VALUES (new.entry, new.locale, CAST(1000000 * unixepoch('subsec') AS INTEGER), new.updated);
END;
CREATE TRIGGER past_of_variant AFTER UPDATE ON variant
WHEN ifnull(old.live, new.live) IS NOT NULL
 AND (old.live, old.published, old.updated) IS NOT (new.live, new.published, new.updated)
BEGIN
    INSERT INTO past_variant (entry, locale, until, live, published, updated)
    VALUES (old.entry, old.locale, CAST(1000000 * unixepoch('subsec') AS INTEGER), old.live, old.published, old.updated);
END;
-- An entry without a variant is just being made.
CREATE TRIGGER past_of_entry AFTER UPDATE ON entry
WHEN (old.slug, old.position, old.deleted, old.archived, old.translation_of)
  IS NOT (new.slug, new.position, new.deleted, new.archived, new.translation_of)
 AND EXISTS (SELECT 1 FROM variant WHERE variant.entry = old.id)
BEGIN
    INSERT INTO past_entry (entry, until, slug, position, deleted, archived, translation_of)
    VALUES (old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), old.slug, old.position, old.deleted, old.archived, old.translation_of);
END;
-- What is removed for good leaves nothing behind.
CREATE TRIGGER past_of_no_entry AFTER DELETE ON entry BEGIN
    DELETE FROM past_variant WHERE entry = old.id;
    DELETE FROM past_entry WHERE entry = old.id;
END;

-- Settings and redirects before: a row that another takes the place of is removed without a word.
CREATE TRIGGER past_of_new_author AFTER INSERT ON author BEGIN
    INSERT INTO past_row (part, key, until) VALUES ('author', new.id, CAST(1000000 * unixepoch('subsec') AS INTEGER));
END;
CREATE TRIGGER past_of_author BEFORE UPDATE ON author BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('author', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'slug', slug, 'email', email, 'first_name', first_name, 'last_name', last_name, 'bio', bio,
        'title', title, 'linkedin_url', linkedin_url, 'facebook_url', facebook_url, 'instagram_url',
        instagram_url, 'pinterest_url', pinterest_url, 'twitter_handle', twitter_handle, 'profile_image',
        profile_image)
          FROM author WHERE id = old.id));
END;
CREATE TRIGGER past_of_no_author BEFORE DELETE ON author BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('author', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'slug', slug, 'email', email, 'first_name', first_name, 'last_name', last_name, 'bio', bio,
        'title', title, 'linkedin_url', linkedin_url, 'facebook_url', facebook_url, 'instagram_url',
        instagram_url, 'pinterest_url', pinterest_url, 'twitter_handle', twitter_handle, 'profile_image',
        profile_image)
          FROM author WHERE id = old.id));
END;
CREATE TRIGGER past_of_new_category AFTER INSERT ON category BEGIN
    INSERT INTO past_row (part, key, until) VALUES ('category', new.id, CAST(1000000 * unixepoch('subsec') AS INTEGER));
END;
CREATE TRIGGER past_of_category BEFORE UPDATE ON category BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('category', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'slug', slug, 'name', name)
          FROM category WHERE id = old.id));
END;
CREATE TRIGGER past_of_no_category BEFORE DELETE ON category BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('category', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'slug', slug, 'name', name)
          FROM category WHERE id = old.id));
END;
CREATE TRIGGER past_of_new_tag AFTER INSERT ON tag BEGIN
    INSERT INTO past_row (part, key, until) VALUES ('tag', new.id, CAST(1000000 * unixepoch('subsec') AS INTEGER));
END;
CREATE TRIGGER past_of_tag BEFORE UPDATE ON tag BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('tag', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'slug', slug, 'name', name)
          FROM tag WHERE id = old.id));
END;
CREATE TRIGGER past_of_no_tag BEFORE DELETE ON tag BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('tag', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'slug', slug, 'name', name)
          FROM tag WHERE id = old.id));
END;
CREATE TRIGGER past_of_new_setting BEFORE INSERT ON setting BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('setting', new.name, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('name', name, 'value', value)
          FROM setting WHERE name = new.name));
END;
CREATE TRIGGER past_of_setting BEFORE UPDATE ON setting BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('setting', old.name, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('name', name, 'value', value)
          FROM setting WHERE name = old.name));
END;
CREATE TRIGGER past_of_no_setting BEFORE DELETE ON setting BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('setting', old.name, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('name', name, 'value', value)
          FROM setting WHERE name = old.name));
END;
CREATE TRIGGER past_of_new_redirect BEFORE INSERT ON redirect BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('redirect', new.source, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'source', source, 'target', target, 'status', status, 'by', by, 'at', at)
          FROM redirect WHERE source = new.source));
END;
CREATE TRIGGER past_of_redirect BEFORE UPDATE ON redirect BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('redirect', old.source, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'source', source, 'target', target, 'status', status, 'by', by, 'at', at)
          FROM redirect WHERE source = old.source));
END;
CREATE TRIGGER past_of_no_redirect BEFORE DELETE ON redirect BEGIN
    INSERT INTO past_row (part, key, until, row) VALUES ('redirect', old.source, CAST(1000000 * unixepoch('subsec') AS INTEGER), (
        SELECT json_object('id', id, 'source', source, 'target', target, 'status', status, 'by', by, 'at', at)
          FROM redirect WHERE source = old.source));
END;
CREATE TRIGGER past_of_media AFTER UPDATE OF alt, deleted ON media
WHEN (old.alt, old.deleted) IS NOT (new.alt, new.deleted) BEGIN
    INSERT INTO past_row (part, key, until, row)
    VALUES ('media', old.id, CAST(1000000 * unixepoch('subsec') AS INTEGER), json_object('alt', old.alt, 'deleted', old.deleted));
END;

-- From when on it is complete.
INSERT INTO meta (name, value) VALUES ('past', CAST(1000000 * unixepoch('subsec') AS INTEGER));

-- What is known of the time before that: what went live and off is told by events, as far back as there are any.
INSERT INTO past_variant (entry, locale, until, live, published, updated)
SELECT event.entry, event.locale, event.at,
       CASE event.kind WHEN 'publish_undone' THEN event.revision ELSE event.previous END,
       ifnull(CAST(1000000 * unixepoch(json_extract(event.detail, '$.published'), 'subsec') AS INTEGER), variant.published),
       ifnull(revision.at, event.at)
  FROM event JOIN variant ON variant.entry = event.entry AND variant.locale = event.locale
  LEFT JOIN revision ON revision.id = CASE event.kind WHEN 'publish_undone' THEN event.revision ELSE event.previous END
 WHERE event.kind IN ('published', 'unpublished', 'publish_undone') ORDER BY event.id;
INSERT INTO past_variant (entry, locale, until, updated)
SELECT entry, locale, ifnull(published, updated), updated FROM variant
 WHERE live IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM event WHERE event.entry = variant.entry AND event.locale = variant.locale
       AND event.kind IN ('published', 'unpublished', 'publish_undone'));
INSERT INTO past_entry (entry, until, slug, position, archived, translation_of)
SELECT id, deleted, slug, position, archived, translation_of FROM entry WHERE deleted IS NOT NULL;
