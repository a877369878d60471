-- Whoever goes takes along what was used and what has ended, too: the indexes had what is open alone, and so the whole tables were looked
-- through.
DROP INDEX single_uses_of_account;
CREATE INDEX single_uses_of_account ON single_uses (tenant_id, account_id, purpose) WHERE account_id IS NOT NULL;
DROP INDEX changes_open;
CREATE INDEX changes_of_account ON changes (tenant_id, account_id);
