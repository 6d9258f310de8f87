-- What is known of bookings. A hold whose booking may have happened is unsettled, and no deadline
-- ends it, so it is left out of those that expire next.
ALTER TABLE holds ADD COLUMN bookings INTEGER NOT NULL DEFAULT 0;
ALTER TABLE holds ADD COLUMN open_bookings TEXT NOT NULL DEFAULT '[]';
ALTER TABLE holds ADD COLUMN ticket TEXT;

DROP INDEX holds_by_deadline;
CREATE INDEX holds_by_deadline ON holds (deadline, number) WHERE state = 'held' AND unsettled = 0;

-- Whose people are to be forgotten.
CREATE INDEX holds_ended ON holds (changed_at, number)
WHERE keeps_order = 1 AND unsettled = 0 AND state IN ('refused', 'not sent', 'booked', 'expired');

-- How often a row was written, so that a writing can name what it was decided on.
ALTER TABLE holds ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- What is being sent is found among the unsettled; left out here, a mark writes a page less.
DROP INDEX holds_by_state;
CREATE INDEX holds_by_state ON holds (state, number) WHERE state <> 'sending';

-- The entries of a hold stand together, without an index beside them.
ALTER TABLE entries RENAME TO scattered_entries;
CREATE TABLE entries (
    hold  INTEGER NOT NULL REFERENCES holds (number),
    place INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    fact  TEXT    NOT NULL,
    PRIMARY KEY (hold, place)
) STRICT, WITHOUT ROWID;
INSERT INTO entries (hold, place, at, fact)
SELECT hold, row_number() OVER (PARTITION BY hold ORDER BY id), at, fact FROM scattered_entries;
DROP TRIGGER entries_never_change;
DROP TRIGGER entries_stay;
DROP TABLE scattered_entries;
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END;

-- By what to know this ledger again, so that one that was set back to an earlier state is noticed.
CREATE TABLE identity (id TEXT NOT NULL) STRICT;
INSERT INTO identity (id) VALUES (lower(hex(randomblob(16))));

PRAGMA user_version = 3;
