CREATE TABLE refresh_tokens (
    tenant_id    BLOB NOT NULL,
    hash         BLOB NOT NULL,
    grant_id     BLOB NOT NULL,
    issued_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    consumed_at  INTEGER,
    PRIMARY KEY (tenant_id, hash),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_of_grant ON refresh_tokens (tenant_id, grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (tenant_id, expires_at);
ALTER TABLE grants DROP COLUMN rotated_at;
ALTER TABLE grants DROP COLUMN generation;
