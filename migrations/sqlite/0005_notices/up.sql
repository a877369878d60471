-- The activity log and the outbox in one. Accounts and devices are no foreign keys: what happened stays so.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY NOT NULL,
    tenant_id   BLOB NOT NULL REFERENCES tenants (id),
    id          BLOB NOT NULL UNIQUE,
    account_id  BLOB,
    device_id   BLOB,
    agent       TEXT NOT NULL,
    place       TEXT,
    kind        TEXT NOT NULL,
    event       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    relayed_at  INTEGER
) STRICT;
CREATE INDEX events_of_account ON events (tenant_id, account_id, seq);
-- The relay's own: over all tenants, in its order (what concerns an account first), and small because it
-- holds only what waits.
CREATE INDEX events_to_relay ON events (account_id IS NULL, seq) WHERE relayed_at IS NULL;

CREATE TABLE deliveries (
    id             BLOB PRIMARY KEY NOT NULL,
    tenant_id      BLOB NOT NULL REFERENCES tenants (id),
    event_id       BLOB NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    sink           TEXT NOT NULL,
    target         TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'dropped', 'dead')),
    priority       INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    first_due_at   INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    claimed_until  INTEGER,
    body           BLOB,
    last_error     TEXT,
    finished_at    INTEGER,
    UNIQUE (tenant_id, event_id, sink, target)
) STRICT;
CREATE INDEX deliveries_of_event ON deliveries (event_id);
-- The workers' own, over all tenants. Not by state: a bound parameter would hide that the index fits.
CREATE INDEX deliveries_to_make ON deliveries (sink, priority DESC, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX deliveries_finished ON deliveries (tenant_id, state, finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE preference_revisions (
    tenant_id   BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    revision    INTEGER NOT NULL,
    changed_at  INTEGER,
    changed_in  TEXT,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE preferences (
    tenant_id   BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    topic       TEXT NOT NULL,
    channel     TEXT NOT NULL,
    is_on       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account_id, topic, channel),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE subscriptions (
    tenant_id      BLOB NOT NULL,
    id             BLOB NOT NULL,
    account_id     BLOB NOT NULL,
    device_id      BLOB NOT NULL,
    session_id     BLOB NOT NULL,
    endpoint       BLOB NOT NULL,
    service        TEXT NOT NULL,
    sealed         BLOB NOT NULL,
    vapid_key_id   BLOB NOT NULL,
    created_at     INTEGER NOT NULL,
    delivered_at   INTEGER,
    failing_since  INTEGER,
    strikes        INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, endpoint),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX subscriptions_of_account ON subscriptions (tenant_id, account_id);
CREATE INDEX subscriptions_of_device ON subscriptions (tenant_id, device_id);
CREATE INDEX subscriptions_of_session ON subscriptions (tenant_id, session_id);
