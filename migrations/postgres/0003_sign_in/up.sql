-- A sign-in in progress.
CREATE TABLE flows (
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    id           uuid NOT NULL,
    browser      bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    data         jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX flows_by_expiry ON flows (tenant_id, expires_at);

-- What can be used once. Account, client and flow are no foreign keys: a row outlives what it speaks of,
-- so that a second use is still told from a first.
CREATE TABLE single_uses (
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    hash         bytea NOT NULL,
    purpose      text NOT NULL,
    account_id   uuid,
    client_id    uuid,
    flow_id      uuid,
    data         jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    consumed_at  timestamptz,
    PRIMARY KEY (tenant_id, hash)
);
CREATE INDEX single_uses_of_account ON single_uses (tenant_id, account_id, purpose) WHERE consumed_at IS NULL;
CREATE INDEX single_uses_by_expiry ON single_uses (tenant_id, expires_at);

-- How often something was tried.
CREATE TABLE counters (
    tenant_id     uuid NOT NULL REFERENCES tenants (id),
    key           bytea NOT NULL,
    tries         bigint NOT NULL,
    consecutive   bigint NOT NULL,
    window_at     timestamptz,
    locked_until  timestamptz,
    -- Empty until the counter is saved for the first time.
    updated_at    timestamptz,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX counters_by_age ON counters (tenant_id, updated_at);
