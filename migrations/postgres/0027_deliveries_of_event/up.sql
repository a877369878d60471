-- The id of a delivery follows from its event, its sink and its target, and the same is never made twice by that: what it was told by
-- before, all of it as text, was the largest tree of the table, and to look there first cost more than to add to it.
ALTER TABLE deliveries DROP CONSTRAINT IF EXISTS deliveries_tenant_id_event_id_sink_target_key;
-- What was made before keeps its id, and what it tells of waits no more.
CREATE INDEX deliveries_of_event ON deliveries (event_id);
