-- What is urgent overtakes what is not before it is relayed, too.
ALTER TABLE events ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
DROP INDEX events_to_relay;
CREATE INDEX events_to_relay ON events (account_id IS NULL, priority DESC, seq) WHERE relayed_at IS NULL;
