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

-- By what to know this ledger again, so that one that was set back to an earlier state is noticed.
CREATE TABLE identity (id TEXT NOT NULL) STRICT;
INSERT INTO identity (id) VALUES (lower(hex(randomblob(16))));

PRAGMA user_version = 3;
