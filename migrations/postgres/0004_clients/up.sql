CREATE TABLE clients (
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    id           uuid NOT NULL,
    client_id    text NOT NULL,
    name         text NOT NULL,
    disabled_at  timestamptz,
    created_at   timestamptz NOT NULL,
    data         jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, client_id)
);

CREATE TABLE consents (
    tenant_id     uuid NOT NULL,
    account_id    uuid NOT NULL,
    client_id     uuid NOT NULL,
    scope         text NOT NULL,
    granted_at    timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id, client_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX consents_of_client ON consents (tenant_id, client_id);

-- The session is no foreign key: a grant with offline_access outlives it.
CREATE TABLE grants (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    account_id    uuid,
    client_id     uuid NOT NULL,
    session_id    uuid,
    scope         text NOT NULL,
    offline       boolean NOT NULL,
    auth_time     timestamptz NOT NULL,
    amr           jsonb NOT NULL,
    acr           text NOT NULL,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX grants_of_account ON grants (tenant_id, account_id, client_id);
CREATE INDEX grants_of_client ON grants (tenant_id, client_id);
CREATE INDEX grants_of_session ON grants (tenant_id, session_id);
CREATE INDEX grants_by_expiry ON grants (tenant_id, expires_at);

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

-- Access tokens that were ended by themselves, while their grant lives on.
CREATE TABLE revoked_tokens (
    tenant_id   uuid NOT NULL REFERENCES tenants (id),
    jti         text NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, jti)
);
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (tenant_id, expires_at);

CREATE TABLE keys (
    tenant_id   uuid NOT NULL REFERENCES tenants (id),
    id          uuid NOT NULL,
    usage       text NOT NULL,
    alg         text NOT NULL,
    kid         text NOT NULL,
    private     bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    signs_from  timestamptz NOT NULL,
    retired_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, usage, kid)
);
