-- Sensitive changes: those that wait for their owner's yes, and for a while what became of them.
CREATE TABLE changes (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    account_id  uuid NOT NULL,
    -- The session that asked.
    session_id  uuid NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    -- Cleared away after that.
    keep_until  timestamptz NOT NULL,
    data        jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX changes_open ON changes (tenant_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX changes_due ON changes (tenant_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX changes_over ON changes (tenant_id, keep_until);

-- Accounts in which nothing sensitive can be changed until their owner is back.
CREATE TABLE lockdowns (
    tenant_id   uuid NOT NULL,
    account_id  uuid NOT NULL,
    since       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
