CREATE TABLE clients (
    tenant_id    BLOB NOT NULL REFERENCES tenants (id),
    id           BLOB NOT NULL,
    client_id    TEXT NOT NULL,
    name         TEXT NOT NULL,
    disabled_at  INTEGER,
    created_at   INTEGER NOT NULL,
    data         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, client_id)
) STRICT;

CREATE TABLE consents (
    tenant_id     BLOB NOT NULL,
    account_id    BLOB NOT NULL,
    client_id     BLOB NOT NULL,
    scope         TEXT NOT NULL,
    granted_at    INTEGER NOT NULL,
    last_used_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account_id, client_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX consents_of_client ON consents (tenant_id, client_id);

-- The session is no foreign key: a grant with offline_access outlives it.
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

-- Access tokens that were ended by themselves, while their grant lives on.
CREATE TABLE revoked_tokens (
    tenant_id   BLOB NOT NULL REFERENCES tenants (id),
    jti         TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, jti)
) STRICT;
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (tenant_id, expires_at);

CREATE TABLE keys (
    tenant_id   BLOB NOT NULL REFERENCES tenants (id),
    id          BLOB NOT NULL,
    usage       TEXT NOT NULL,
    alg         TEXT NOT NULL,
    kid         TEXT NOT NULL,
    private     BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    signs_from  INTEGER NOT NULL,
    retired_at  INTEGER,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, usage, kid)
) STRICT;
