-- What waits to be relayed has a table of its own: a mark in the event's row was a copy of the row, with an entry in each of its
-- trees. A row here is taken away, which writes next to nothing. `rank` is the order: what concerns an account first, and of
-- that what is urgent (`rank` in store::queries::events).
DROP INDEX events_to_relay;
CREATE TABLE events_to_relay (
    seq   bigint PRIMARY KEY,
    rank  integer NOT NULL
);
INSERT INTO events_to_relay (seq, rank)
    SELECT seq, CASE WHEN account_id IS NULL THEN 1000 ELSE 0 END - priority FROM events WHERE relayed_at IS NULL;
CREATE INDEX events_to_relay_in_order ON events_to_relay (rank, seq);
ALTER TABLE events DROP COLUMN relayed_at;
ALTER TABLE events DROP COLUMN priority;

-- Whoever deletes an event deletes what was made of it, and is kept from what a relay is making of it by the row above. A key that
-- looked the event up for each delivery, with a tree to look the other way, was a third of what a delivery costs.
ALTER TABLE deliveries DROP CONSTRAINT IF EXISTS deliveries_event_id_fkey;
DROP INDEX deliveries_of_event;
