DROP INDEX deliveries_of_event;
ALTER TABLE deliveries ADD UNIQUE (tenant_id, event_id, sink, target);
