-- All of it stands in a schema of its own. One that was made beforehand, for a role that may make
-- none, is taken.
DO $$ BEGIN
    IF to_regnamespace('seatblock') IS NULL THEN CREATE SCHEMA seatblock; END IF;
END $$;

-- Which migrations were made. By its first column it has one row.
CREATE TABLE seatblock.version (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    application text    NOT NULL,
    schema      bigint  NOT NULL
);

-- By what to know this ledger again, so that one that was set back to an earlier state is noticed.
CREATE TABLE seatblock.identity (id text NOT NULL);
INSERT INTO seatblock.identity (id) VALUES (replace(gen_random_uuid()::text, '-', ''));

-- What is appended stays, and how a reference began.
CREATE FUNCTION seatblock.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;

-- The keys by which orders are sealed and compared. Of a key that was given only its mark is kept;
-- a ledger without one compares by a random key of its own.
CREATE TABLE seatblock.keys (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mark   bytea NOT NULL UNIQUE,
    secret bytea
);

-- In place of a foreign key to it, which would lock its one row for each hold that is begun.
CREATE TRIGGER keys_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON seatblock.keys
    EXECUTE FUNCTION seatblock.refuse('a key never changes and is never removed');

-- One row per reference. Its first part never changes; its second is what follows from the entries;
-- its third says who may send or settle it; its last, which writing made it what it is.
CREATE TABLE seatblock.holds (
    number        bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference     text    COLLATE "C" NOT NULL UNIQUE,
    product_code  text    NOT NULL,
    selling_price bigint  NOT NULL,
    legs          text    NOT NULL,
    begun_at      bigint  NOT NULL,
    key_id        bigint  NOT NULL,
    fingerprint   bytea   NOT NULL,
    sealed        boolean NOT NULL,

    state         text    COLLATE "C" NOT NULL,
    hold          text,
    deadline      bigint,
    ending        text,
    attempts      bigint  NOT NULL,
    open_attempts text    NOT NULL,
    sent_at       bigint,
    bookings      bigint  NOT NULL,
    open_bookings text    NOT NULL,
    ticket        text,
    changed_at    bigint  NOT NULL,
    keeps_order   boolean NOT NULL,
    unsettled     boolean NOT NULL,

    fence         bigint  NOT NULL,
    lease_ends    bigint,
    owner         bigint,

    revision      bigint  NOT NULL,
    written       bigint  NOT NULL
);

CREATE INDEX holds_by_state ON seatblock.holds (state, number);
CREATE INDEX holds_unsettled ON seatblock.holds (number) WHERE unsettled;
-- A hold whose booking may have happened is unsettled, and no deadline ends it.
CREATE INDEX holds_by_deadline ON seatblock.holds (deadline, number)
    WHERE state = 'held' AND NOT unsettled;
-- Whose people are to be forgotten.
CREATE INDEX holds_ended ON seatblock.holds (changed_at, number)
    WHERE keeps_order AND NOT unsettled AND state IN ('refused', 'not sent', 'booked', 'expired');

CREATE TRIGGER holds_stay BEFORE DELETE OR TRUNCATE ON seatblock.holds
    EXECUTE FUNCTION seatblock.refuse('a reference is never forgotten');
CREATE TRIGGER holds_begin_once
    BEFORE UPDATE OF number, reference, product_code, selling_price, legs, begun_at, key_id,
        fingerprint, sealed ON seatblock.holds
    EXECUTE FUNCTION seatblock.refuse('how a reference began never changes');

-- By the revision that wrote it and its place there, so that no two writings can add to one. It needs
-- no foreign key: no hold is ever removed, and a statement takes its number from the row it writes.
CREATE TABLE seatblock.entries (
    hold     bigint NOT NULL,
    revision bigint NOT NULL,
    place    bigint NOT NULL,
    at       bigint NOT NULL,
    fact     text   NOT NULL,
    PRIMARY KEY (hold, revision, place)
);

CREATE TRIGGER entries_never_change BEFORE UPDATE ON seatblock.entries
    EXECUTE FUNCTION seatblock.refuse('an entry never changes');
CREATE TRIGGER entries_stay BEFORE DELETE OR TRUNCATE ON seatblock.entries
    EXECUTE FUNCTION seatblock.refuse('an entry is never removed');

-- Apart from the entries, so that shredding changes none of them.
CREATE TABLE seatblock.sealed_orders (
    hold    bigint PRIMARY KEY,
    key_id  bigint NOT NULL,
    row_key bytea  NOT NULL,
    body    bytea  NOT NULL
);

INSERT INTO seatblock.version (application, schema) VALUES ('booking-ledger', 1);
