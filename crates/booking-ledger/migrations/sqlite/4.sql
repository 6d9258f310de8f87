-- Whose order it is, of those who share one gateway, and the trips, so that lists go by them.
ALTER TABLE holds ADD COLUMN tenant TEXT;
ALTER TABLE holds ADD COLUMN trip INTEGER;
ALTER TABLE holds ADD COLUMN return_trip INTEGER;
-- What cannot be read there is damage, which is for a check to tell.
UPDATE holds SET
    trip = CASE WHEN json_type(legs, '$[0].trip_id') = 'integer' THEN json_extract(legs, '$[0].trip_id') END,
    return_trip = CASE WHEN json_type(legs, '$[1].trip_id') = 'integer' THEN json_extract(legs, '$[1].trip_id') END
WHERE json_valid(legs);

DROP TRIGGER holds_begin_once;
CREATE TRIGGER holds_begin_once
BEFORE UPDATE OF number, reference, product_code, selling_price, legs, begun_at, key_id, fingerprint, sealed, tenant, trip, return_trip ON holds
BEGIN SELECT RAISE(ABORT, 'how a reference began never changes'); END;

-- A trip is one journey of one bus, so its references are few; by state, since those that live are
-- counted before each block, and a trip that many want has many that were refused.
CREATE INDEX holds_by_trip ON holds (trip, state, number);
CREATE INDEX holds_by_return_trip ON holds (return_trip, state, number) WHERE return_trip IS NOT NULL;
-- A tenant's may be most of all, so each list of them has an index. Without tenants they cost nothing.
CREATE INDEX holds_of_tenant ON holds (tenant, number) WHERE tenant IS NOT NULL;
CREATE INDEX holds_of_tenant_by_state ON holds (tenant, state, number)
WHERE tenant IS NOT NULL AND state <> 'sending';
CREATE INDEX holds_of_tenant_unsettled ON holds (tenant, number)
WHERE tenant IS NOT NULL AND unsettled = 1;
CREATE INDEX holds_of_tenant_by_deadline ON holds (tenant, deadline, number)
WHERE tenant IS NOT NULL AND state = 'held' AND unsettled = 0;
CREATE INDEX holds_of_tenant_ended ON holds (tenant, changed_at, number)
WHERE tenant IS NOT NULL AND keeps_order = 1 AND unsettled = 0 AND state IN ('refused', 'not sent', 'booked', 'expired');

-- Where an entry stands among those of all references: the feed. What was written before has no place.
ALTER TABLE entries ADD COLUMN position INTEGER;
CREATE UNIQUE INDEX entries_by_position ON entries (position) WHERE position > 0;

PRAGMA user_version = 4;
