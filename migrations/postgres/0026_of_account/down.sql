DROP INDEX changes_of_account;
CREATE INDEX changes_open ON changes (tenant_id, account_id) WHERE ended_at IS NULL;
DROP INDEX single_uses_of_account;
CREATE INDEX single_uses_of_account ON single_uses (tenant_id, account_id, purpose) WHERE consumed_at IS NULL;
