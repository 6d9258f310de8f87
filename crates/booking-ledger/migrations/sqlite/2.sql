-- Which opened ledger was given the right to send or settle, so that one whose process has ended is
-- not waited for.
ALTER TABLE holds ADD COLUMN owner INTEGER;

PRAGMA user_version = 2;
