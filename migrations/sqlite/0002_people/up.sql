CREATE TABLE accounts (
    tenant_id            BLOB NOT NULL REFERENCES tenants (id),
    id                   BLOB NOT NULL,
    email                TEXT NOT NULL,
    -- The form under which two addresses are the same.
    email_key            TEXT NOT NULL,
    email_verified_at    INTEGER NOT NULL,
    name                 TEXT NOT NULL,
    status               TEXT NOT NULL,
    role                 TEXT NOT NULL,
    locale               TEXT,
    time_zone            TEXT,
    push_offer_declined  INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email_key)
) STRICT;

CREATE TABLE passwords (
    tenant_id   BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    hash        TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE devices (
    tenant_id      BLOB NOT NULL,
    id             BLOB NOT NULL,
    account_id     BLOB NOT NULL,
    secret         BLOB NOT NULL,
    agent          TEXT NOT NULL,
    place          TEXT,
    first_seen_at  INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL,
    known_at       INTEGER,
    push_offer     TEXT NOT NULL,
    push_wanted    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    -- Also the index of an account's devices.
    UNIQUE (tenant_id, account_id, secret),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE sessions (
    tenant_id     BLOB NOT NULL,
    id            BLOB NOT NULL,
    account_id    BLOB NOT NULL,
    device_id     BLOB NOT NULL,
    secret        BLOB NOT NULL,
    created_at    INTEGER NOT NULL,
    last_seen_at  INTEGER NOT NULL,
    auth_time     INTEGER NOT NULL,
    amr           TEXT NOT NULL,
    acr           TEXT NOT NULL,
    expires_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    end_reason    TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, secret),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    -- Whoever forgets a browser signs it out: no session is left without its device.
    FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_of_account ON sessions (tenant_id, account_id);
CREATE INDEX sessions_of_device ON sessions (tenant_id, device_id);
CREATE INDEX sessions_by_expiry ON sessions (tenant_id, expires_at);
