CREATE TABLE bound_deliveries (
    id             BLOB PRIMARY KEY NOT NULL,
    tenant_id      BLOB NOT NULL REFERENCES tenants (id),
    event_id       BLOB NOT NULL REFERENCES events (id) ON DELETE CASCADE,
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
INSERT INTO bound_deliveries SELECT id, tenant_id, event_id, sink, target, state, priority, attempts, first_due_at, due_at, expires_at,
    claimed_until, body, last_error, finished_at, shown_at, clicked_at FROM deliveries WHERE event_id IN (SELECT id FROM events);
DROP TABLE deliveries;
ALTER TABLE bound_deliveries RENAME TO deliveries;
CREATE INDEX deliveries_of_event ON deliveries (event_id);
CREATE INDEX deliveries_to_make ON deliveries (sink, priority DESC, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX deliveries_finished ON deliveries (tenant_id, state, finished_at) WHERE finished_at IS NOT NULL;

ALTER TABLE events ADD COLUMN relayed_at INTEGER;
ALTER TABLE events ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
UPDATE events SET priority = iif(account_id IS NULL, 1000, 0) - waiting.rank
    FROM events_to_relay AS waiting WHERE waiting.seq = events.seq;
UPDATE events SET relayed_at = at WHERE seq NOT IN (SELECT seq FROM events_to_relay);
DROP TABLE events_to_relay;
CREATE INDEX events_to_relay ON events (account_id IS NULL, priority DESC, seq) WHERE relayed_at IS NULL;
