-- A sign-in in progress.
CREATE TABLE flows (
    tenant_id    BLOB NOT NULL REFERENCES tenants (id),
    id           BLOB NOT NULL,
    browser      BLOB NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    data         TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX flows_by_expiry ON flows (tenant_id, expires_at);

-- What can be used once. Account, client and flow are no foreign keys: a row outlives what it speaks of,
-- so that a second use is still told from a first.
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

-- How often something was tried.
CREATE TABLE counters (
    tenant_id     BLOB NOT NULL REFERENCES tenants (id),
    key           BLOB NOT NULL,
    tries         INTEGER NOT NULL,
    consecutive   INTEGER NOT NULL,
    window_at     INTEGER,
    locked_until  INTEGER,
    -- Empty until the counter is saved for the first time.
    updated_at    INTEGER,
    PRIMARY KEY (tenant_id, key)
) STRICT;
CREATE INDEX counters_by_age ON counters (tenant_id, updated_at);
