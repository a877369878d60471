DELETE FROM deliveries WHERE NOT EXISTS (SELECT FROM events WHERE events.id = deliveries.event_id);
ALTER TABLE deliveries ADD CONSTRAINT deliveries_event_id_fkey FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE;
CREATE INDEX deliveries_of_event ON deliveries (event_id);

ALTER TABLE events ADD COLUMN relayed_at timestamptz;
ALTER TABLE events ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
UPDATE events SET priority = CASE WHEN account_id IS NULL THEN 1000 ELSE 0 END - waiting.rank
    FROM events_to_relay AS waiting WHERE waiting.seq = events.seq;
UPDATE events SET relayed_at = at WHERE seq NOT IN (SELECT seq FROM events_to_relay);
DROP TABLE events_to_relay;
CREATE INDEX events_to_relay ON events ((account_id IS NULL), priority DESC, seq) WHERE relayed_at IS NULL;
