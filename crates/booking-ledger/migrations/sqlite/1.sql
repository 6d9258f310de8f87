-- The keys by which orders are sealed and compared. Of a key that was given only its mark is kept;
-- a ledger without one compares by a random key of its own.
CREATE TABLE keys (
    id     INTEGER PRIMARY KEY,
    mark   BLOB NOT NULL UNIQUE,
    secret BLOB
) STRICT;

-- One row per reference. Its first part never changes; its second is what follows from the entries;
-- its third says who may send or settle it.
CREATE TABLE holds (
    number        INTEGER PRIMARY KEY,
    reference     TEXT    NOT NULL UNIQUE,
    product_code  TEXT    NOT NULL,
    selling_price INTEGER NOT NULL,
    legs          TEXT    NOT NULL,
    begun_at      INTEGER NOT NULL,
    key_id        INTEGER NOT NULL REFERENCES keys (id),
    fingerprint   BLOB    NOT NULL,
    sealed        INTEGER NOT NULL,

    state         TEXT    NOT NULL,
    hold          TEXT,
    deadline      INTEGER,
    ending        TEXT,
    attempts      INTEGER NOT NULL,
    open_attempts TEXT    NOT NULL,
    sent_at       INTEGER,
    changed_at    INTEGER NOT NULL,
    keeps_order   INTEGER NOT NULL,
    unsettled     INTEGER NOT NULL,

    fence         INTEGER NOT NULL,
    lease_ends    INTEGER
) STRICT;

CREATE INDEX holds_by_state ON holds (state, number);
CREATE INDEX holds_unsettled ON holds (number) WHERE unsettled = 1;
CREATE INDEX holds_by_deadline ON holds (deadline, number) WHERE state = 'held';

CREATE TRIGGER holds_stay BEFORE DELETE ON holds
BEGIN SELECT RAISE(ABORT, 'a reference is never forgotten'); END;
CREATE TRIGGER holds_begin_once
BEFORE UPDATE OF number, reference, product_code, selling_price, legs, begun_at, key_id, fingerprint, sealed ON holds
BEGIN SELECT RAISE(ABORT, 'how a reference began never changes'); END;

CREATE TABLE entries (
    id   INTEGER PRIMARY KEY,
    hold INTEGER NOT NULL REFERENCES holds (number),
    at   INTEGER NOT NULL,
    fact TEXT    NOT NULL
) STRICT;

CREATE INDEX entries_of_hold ON entries (hold, id);

CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END;

-- Apart from the entries, so that shredding changes none of them.
CREATE TABLE sealed_orders (
    hold    INTEGER PRIMARY KEY REFERENCES holds (number),
    key_id  INTEGER NOT NULL REFERENCES keys (id),
    row_key BLOB    NOT NULL,
    body    BLOB    NOT NULL
) STRICT;

-- "Seat block", so that no other program's file is taken for a ledger.
PRAGMA application_id = 1588048140;
PRAGMA user_version = 1;
