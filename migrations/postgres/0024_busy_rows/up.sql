-- What every sign-in writes asked each time whether its tenant is there, and held the tenant's one row for it: all transactions met at
-- that row, and each wrote to it. Tenants are never deleted.
ALTER TABLE flows DROP CONSTRAINT IF EXISTS flows_tenant_id_fkey;
ALTER TABLE single_uses DROP CONSTRAINT IF EXISTS single_uses_tenant_id_fkey;
ALTER TABLE counters DROP CONSTRAINT IF EXISTS counters_tenant_id_fkey;
ALTER TABLE revoked_tokens DROP CONSTRAINT IF EXISTS revoked_tokens_tenant_id_fkey;
ALTER TABLE events DROP CONSTRAINT IF EXISTS events_tenant_id_fkey;
ALTER TABLE deliveries DROP CONSTRAINT IF EXISTS deliveries_tenant_id_fkey;
ALTER TABLE polls DROP CONSTRAINT IF EXISTS polls_tenant_id_fkey;
