DROP INDEX events_to_relay;
CREATE INDEX events_to_relay ON events ((account_id IS NULL), seq) WHERE relayed_at IS NULL;
ALTER TABLE events DROP COLUMN priority;
