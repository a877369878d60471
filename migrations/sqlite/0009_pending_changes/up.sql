-- Sensitive changes: those that wait for their owner's yes, and for a while what became of them.
CREATE TABLE changes (
    tenant_id   BLOB NOT NULL,
    id          BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    -- The session that asked.
    session_id  BLOB NOT NULL,
    expires_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    -- Cleared away after that.
    keep_until  INTEGER NOT NULL,
    data        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX changes_open ON changes (tenant_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX changes_due ON changes (tenant_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX changes_over ON changes (tenant_id, keep_until);

-- Accounts in which nothing sensitive can be changed until their owner is back.
CREATE TABLE lockdowns (
    tenant_id   BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    since       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;
