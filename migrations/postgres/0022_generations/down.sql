CREATE TABLE refresh_tokens (
    tenant_id    uuid NOT NULL,
    hash         bytea NOT NULL,
    grant_id     uuid NOT NULL,
    issued_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    consumed_at  timestamptz,
    PRIMARY KEY (tenant_id, hash),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_of_grant ON refresh_tokens (tenant_id, grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (tenant_id, expires_at);
ALTER TABLE grants DROP COLUMN rotated_at;
ALTER TABLE grants DROP COLUMN generation;
