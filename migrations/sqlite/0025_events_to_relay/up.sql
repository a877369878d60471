-- What waits to be relayed has a table of its own: a mark in the event's row wrote the whole row. `rank` is the order: what concerns an
-- account first, and of that what is urgent (`rank` in store::queries::events).
DROP INDEX events_to_relay;
CREATE TABLE events_to_relay (
    seq   INTEGER PRIMARY KEY NOT NULL,
    rank  INTEGER NOT NULL
) STRICT;
INSERT INTO events_to_relay (seq, rank)
    SELECT seq, iif(account_id IS NULL, 1000, 0) - priority FROM events WHERE relayed_at IS NULL;
CREATE INDEX events_to_relay_in_order ON events_to_relay (rank);
ALTER TABLE events DROP COLUMN relayed_at;
ALTER TABLE events DROP COLUMN priority;

-- Whoever deletes an event deletes what was made of it: a key that looked the event up for each delivery, with a tree to look the other
-- way, was much of what a delivery costs.
CREATE TABLE leaner_deliveries (
    id             BLOB PRIMARY KEY NOT NULL,
    tenant_id      BLOB NOT NULL REFERENCES tenants (id),
    event_id       BLOB NOT NULL,
    sink           TEXT NOT NULL,
    target         TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'dropped', 'dead')),
    priority       INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    first_due_at   INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    claimed_until  INTEGER,
    body           BLOB,
    last_error     TEXT,
    finished_at    INTEGER,
    shown_at       INTEGER,
    clicked_at     INTEGER,
    UNIQUE (tenant_id, event_id, sink, target)
) STRICT;
INSERT INTO leaner_deliveries SELECT id, tenant_id, event_id, sink, target, state, priority, attempts, first_due_at, due_at, expires_at,
    claimed_until, body, last_error, finished_at, shown_at, clicked_at FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE leaner_deliveries RENAME TO deliveries;
CREATE INDEX deliveries_to_make ON deliveries (sink, priority DESC, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX deliveries_finished ON deliveries (tenant_id, state, finished_at) WHERE finished_at IS NOT NULL;
