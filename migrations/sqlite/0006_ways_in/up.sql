-- A passkey or security key (WebAuthn). `record` is what the library verifies an assertion with; it holds no secret.
CREATE TABLE credentials (
    tenant_id      BLOB NOT NULL,
    id             BLOB NOT NULL,
    account_id     BLOB NOT NULL,
    -- The authenticator's id of it: no two accounts may have the same (WebAuthn §7.1).
    credential_id  BLOB NOT NULL,
    kind           TEXT NOT NULL,
    name           TEXT NOT NULL,
    aaguid         BLOB,
    synced         INTEGER NOT NULL,
    record         TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    last_used_at   INTEGER,
    last_used_in   TEXT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, credential_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX credentials_of_account ON credentials (tenant_id, account_id);

-- The seed of an authenticator app (RFC 6238), sealed. Not confirmed: shown, and no code of it seen yet.
CREATE TABLE totps (
    tenant_id     BLOB NOT NULL,
    account_id    BLOB NOT NULL,
    sealed        BLOB NOT NULL,
    -- The newest step that was used: it and all before it are spent.
    last_step     INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    confirmed_at  INTEGER,
    last_used_at  INTEGER,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE recovery_codes (
    tenant_id   BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    hash        BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    used_at     INTEGER,
    PRIMARY KEY (tenant_id, account_id, hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;

-- An account at another provider by which its owner signs in here. The mail address is shown, and decides nothing.
CREATE TABLE identities (
    tenant_id     BLOB NOT NULL,
    id            BLOB NOT NULL,
    account_id    BLOB NOT NULL,
    provider      TEXT NOT NULL,
    issuer        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    email         TEXT,
    name          TEXT,
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, issuer, subject),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX identities_of_account ON identities (tenant_id, account_id);

-- "I have lost everything": the way back, which opens after a wait during which the owner can stop it.
CREATE TABLE recoveries (
    tenant_id    BLOB NOT NULL,
    id           BLOB NOT NULL,
    account_id   BLOB NOT NULL,
    agent        TEXT NOT NULL,
    place        TEXT,
    started_at   INTEGER NOT NULL,
    ready_at     INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    stopped_at   INTEGER,
    finished_at  INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX recoveries_open ON recoveries (tenant_id, account_id) WHERE stopped_at IS NULL AND finished_at IS NULL;

-- "Don't ask on this device": until when its owner is spared the second factor there.
ALTER TABLE devices ADD COLUMN trusted_until INTEGER;
-- Until when the account may do without the second factor that the operator has come to require.
ALTER TABLE accounts ADD COLUMN enrol_by INTEGER;
