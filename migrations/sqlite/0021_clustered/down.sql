-- As it was: each row with a number of its own.
CREATE TEMP TABLE kept_refresh_tokens AS SELECT * FROM refresh_tokens;
CREATE TEMP TABLE kept_grants AS SELECT * FROM grants;
CREATE TEMP TABLE kept_single_uses AS SELECT * FROM single_uses;
DROP TABLE refresh_tokens;
DROP TABLE grants;
DROP TABLE single_uses;

CREATE TABLE single_uses (
    tenant_id    BLOB NOT NULL REFERENCES tenants (id),
    hash         BLOB NOT NULL,
    purpose      TEXT NOT NULL,
    account_id   BLOB,
    client_id    BLOB,
    flow_id      BLOB,
    data         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    consumed_at  INTEGER,
    PRIMARY KEY (tenant_id, hash)
) STRICT;
CREATE INDEX single_uses_of_account ON single_uses (tenant_id, account_id, purpose) WHERE consumed_at IS NULL;
CREATE INDEX single_uses_by_expiry ON single_uses (tenant_id, expires_at);

CREATE TABLE grants (
    tenant_id     BLOB NOT NULL,
    id            BLOB NOT NULL,
    account_id    BLOB,
    client_id     BLOB NOT NULL,
    session_id    BLOB,
    scope         TEXT NOT NULL,
    offline       INTEGER NOT NULL,
    auth_time     INTEGER NOT NULL,
    amr           TEXT NOT NULL,
    acr           TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    revoked_at    INTEGER,
    terms         TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX grants_of_account ON grants (tenant_id, account_id, client_id);
CREATE INDEX grants_of_client ON grants (tenant_id, client_id);
CREATE INDEX grants_of_session ON grants (tenant_id, session_id);
CREATE INDEX grants_by_expiry ON grants (tenant_id, expires_at);

CREATE TABLE refresh_tokens (
    tenant_id    BLOB NOT NULL,
    hash         BLOB NOT NULL,
    grant_id     BLOB NOT NULL,
    issued_at    INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    consumed_at  INTEGER,
    PRIMARY KEY (tenant_id, hash),
    FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX refresh_tokens_of_grant ON refresh_tokens (tenant_id, grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (tenant_id, expires_at);

INSERT INTO single_uses SELECT * FROM kept_single_uses;
INSERT INTO grants SELECT * FROM kept_grants;
INSERT INTO refresh_tokens SELECT * FROM kept_refresh_tokens;
DROP TABLE kept_refresh_tokens;
DROP TABLE kept_grants;
DROP TABLE kept_single_uses;
