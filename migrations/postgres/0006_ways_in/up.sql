-- A passkey or security key (WebAuthn). `record` is what the library verifies an assertion with; it holds no secret.
CREATE TABLE credentials (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    account_id     uuid NOT NULL,
    -- The authenticator's id of it: no two accounts may have the same (WebAuthn §7.1).
    credential_id  bytea NOT NULL,
    kind           text NOT NULL,
    name           text NOT NULL,
    aaguid         uuid,
    synced         boolean NOT NULL,
    record         jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    last_used_at   timestamptz,
    last_used_in   jsonb,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, credential_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX credentials_of_account ON credentials (tenant_id, account_id);

-- The seed of an authenticator app (RFC 6238), sealed. Not confirmed: shown, and no code of it seen yet.
CREATE TABLE totps (
    tenant_id     uuid NOT NULL,
    account_id    uuid NOT NULL,
    sealed        bytea NOT NULL,
    -- The newest step that was used: it and all before it are spent.
    last_step     bigint NOT NULL,
    created_at    timestamptz NOT NULL,
    confirmed_at  timestamptz,
    last_used_at  timestamptz,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
    tenant_id   uuid NOT NULL,
    account_id  uuid NOT NULL,
    hash        bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    used_at     timestamptz,
    PRIMARY KEY (tenant_id, account_id, hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

-- An account at another provider by which its owner signs in here. The mail address is shown, and decides nothing.
CREATE TABLE identities (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    account_id    uuid NOT NULL,
    provider      text NOT NULL,
    issuer        text NOT NULL,
    subject       text NOT NULL,
    email         text,
    name          text,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, issuer, subject),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX identities_of_account ON identities (tenant_id, account_id);

-- "I have lost everything": the way back, which opens after a wait during which the owner can stop it.
CREATE TABLE recoveries (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    account_id   uuid NOT NULL,
    agent        jsonb NOT NULL,
    place        jsonb,
    started_at   timestamptz NOT NULL,
    ready_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    stopped_at   timestamptz,
    finished_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
-- One at a time.
CREATE UNIQUE INDEX recoveries_open ON recoveries (tenant_id, account_id) WHERE stopped_at IS NULL AND finished_at IS NULL;

-- "Don't ask on this device": until when its owner is spared the second factor there.
ALTER TABLE devices ADD COLUMN trusted_until timestamptz;
-- Until when the account may do without the second factor that the operator has come to require.
ALTER TABLE accounts ADD COLUMN enrol_by timestamptz;
