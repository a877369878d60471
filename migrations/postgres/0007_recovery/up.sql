-- When the next is to be told of a way back that is open: that it will soon be ready, that it is, that its time is over.
ALTER TABLE recoveries ADD COLUMN due_at timestamptz;
CREATE INDEX recoveries_due ON recoveries (tenant_id, due_at) WHERE stopped_at IS NULL AND finished_at IS NULL;
-- How many were begun of late.
CREATE INDEX recoveries_of_account ON recoveries (tenant_id, account_id, started_at);
