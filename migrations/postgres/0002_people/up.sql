CREATE TABLE accounts (
    tenant_id            uuid NOT NULL REFERENCES tenants (id),
    id                   uuid NOT NULL,
    email                text NOT NULL,
    -- The form under which two addresses are the same.
    email_key            text NOT NULL,
    email_verified_at    timestamptz NOT NULL,
    name                 text NOT NULL,
    status               text NOT NULL,
    role                 text NOT NULL,
    locale               text,
    time_zone            text,
    push_offer_declined  boolean NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email_key)
);

CREATE TABLE passwords (
    tenant_id   uuid NOT NULL,
    account_id  uuid NOT NULL,
    hash        text NOT NULL,
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE devices (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    account_id     uuid NOT NULL,
    secret         bytea NOT NULL,
    agent          jsonb NOT NULL,
    place          jsonb,
    first_seen_at  timestamptz NOT NULL,
    last_seen_at   timestamptz NOT NULL,
    known_at       timestamptz,
    push_offer     jsonb NOT NULL,
    push_wanted    boolean NOT NULL,
    PRIMARY KEY (tenant_id, id),
    -- Also the index of an account's devices.
    UNIQUE (tenant_id, account_id, secret),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE sessions (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    account_id    uuid NOT NULL,
    device_id     uuid NOT NULL,
    secret        bytea NOT NULL,
    created_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    auth_time     timestamptz NOT NULL,
    amr           jsonb NOT NULL,
    acr           text NOT NULL,
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    end_reason    text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, secret),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    -- Whoever forgets a browser signs it out: no session is left without its device.
    FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_of_account ON sessions (tenant_id, account_id);
CREATE INDEX sessions_of_device ON sessions (tenant_id, device_id);
CREATE INDEX sessions_by_expiry ON sessions (tenant_id, expires_at);
