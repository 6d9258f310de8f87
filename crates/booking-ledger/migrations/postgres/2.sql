-- Whose order it is, of those who share one gateway, and the trips, so that lists go by them.
ALTER TABLE seatblock.holds
    ADD COLUMN tenant      text COLLATE "C",
    ADD COLUMN trip        bigint,
    ADD COLUMN return_trip bigint;
-- By its text, since a cast to JSON would fail on one damaged row.
UPDATE seatblock.holds SET
    trip = substring(legs FROM '"trip_id":([0-9]{1,18})')::bigint,
    return_trip = substring(legs FROM '"trip_id":[0-9].*"trip_id":([0-9]{1,18})')::bigint;

DROP TRIGGER holds_begin_once ON seatblock.holds;
CREATE TRIGGER holds_begin_once
    BEFORE UPDATE OF number, reference, product_code, selling_price, legs, begun_at, key_id,
        fingerprint, sealed, tenant, trip, return_trip ON seatblock.holds
    EXECUTE FUNCTION seatblock.refuse('how a reference began never changes');

-- A trip is one journey of one bus, so its references are few; by state, since those that live are
-- counted before each block, and a trip that many want has many that were refused.
CREATE INDEX holds_by_trip ON seatblock.holds (trip, state, number);
CREATE INDEX holds_by_return_trip ON seatblock.holds (return_trip, state, number)
    WHERE return_trip IS NOT NULL;
-- A tenant's may be most of all, so each list of them has an index. Without tenants they cost nothing.
CREATE INDEX holds_of_tenant ON seatblock.holds (tenant, number) WHERE tenant IS NOT NULL;
CREATE INDEX holds_of_tenant_by_state ON seatblock.holds (tenant, state, number)
    WHERE tenant IS NOT NULL AND state <> 'sending';
CREATE INDEX holds_of_tenant_unsettled ON seatblock.holds (tenant, number)
    WHERE tenant IS NOT NULL AND unsettled;
CREATE INDEX holds_of_tenant_by_deadline ON seatblock.holds (tenant, deadline, number)
    WHERE tenant IS NOT NULL AND state = 'held' AND NOT unsettled;
CREATE INDEX holds_of_tenant_ended ON seatblock.holds (tenant, changed_at, number)
    WHERE tenant IS NOT NULL AND keeps_order AND NOT unsettled
        AND state IN ('refused', 'not sent', 'booked', 'expired');

-- By which transaction an entry was written: the feed goes by it, as far as every earlier one has
-- ended. What was written before has no place there.
ALTER TABLE seatblock.entries ADD COLUMN turn bigint;
ALTER TABLE seatblock.entries ALTER COLUMN turn SET DEFAULT (pg_current_xact_id()::text::bigint);
CREATE UNIQUE INDEX entries_by_turn ON seatblock.entries (turn, place) WHERE turn IS NOT NULL;

-- By how much turns are ahead of the server's transactions: more than none where the ledger was moved
-- to another server, which counts from its own beginning.
ALTER TABLE seatblock.version ADD COLUMN feed_ahead bigint NOT NULL DEFAULT 0;

UPDATE seatblock.version SET schema = 2;
