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

-- Who changed the model last, and when; NULL when that is not known.
ALTER TABLE model ADD COLUMN changed INTEGER;
ALTER TABLE model ADD COLUMN changed_by TEXT;
