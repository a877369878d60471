-- The activity log and the outbox in one. Accounts and devices are no foreign keys: what happened stays so.
CREATE TABLE events (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id   uuid NOT NULL REFERENCES tenants (id),
    id          uuid NOT NULL UNIQUE,
    account_id  uuid,
    device_id   uuid,
    agent       jsonb NOT NULL,
    place       jsonb,
    kind        text NOT NULL,
    event       jsonb NOT NULL,
    at          timestamptz NOT NULL,
    relayed_at  timestamptz
);
CREATE INDEX events_of_account ON events (tenant_id, account_id, seq);
-- The relay's own: over all tenants, in its order (what concerns an account first), and small because it
-- holds only what waits.
CREATE INDEX events_to_relay ON events ((account_id IS NULL), seq) WHERE relayed_at IS NULL;

CREATE TABLE deliveries (
    id             uuid PRIMARY KEY NOT NULL,
    tenant_id      uuid NOT NULL REFERENCES tenants (id),
    event_id       uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    sink           text NOT NULL,
    target         text NOT NULL,
    state          text NOT NULL CHECK (state IN ('pending', 'sent', 'dropped', 'dead')),
    priority       integer NOT NULL,
    attempts       integer NOT NULL,
    first_due_at   timestamptz NOT NULL,
    due_at         timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    claimed_until  timestamptz,
    body           bytea,
    last_error     text,
    finished_at    timestamptz,
    UNIQUE (tenant_id, event_id, sink, target)
);
CREATE INDEX deliveries_of_event ON deliveries (event_id);
-- The workers' own, over all tenants. Not by state: a bound parameter would hide that the index fits.
CREATE INDEX deliveries_to_make ON deliveries (sink, priority DESC, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX deliveries_finished ON deliveries (tenant_id, state, finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE preference_revisions (
    tenant_id   uuid NOT NULL,
    account_id  uuid NOT NULL,
    revision    bigint NOT NULL,
    changed_at  timestamptz,
    changed_in  jsonb,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE preferences (
    tenant_id   uuid NOT NULL,
    account_id  uuid NOT NULL,
    topic       text NOT NULL,
    channel     text NOT NULL,
    is_on       boolean NOT NULL,
    PRIMARY KEY (tenant_id, account_id, topic, channel),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE subscriptions (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    account_id     uuid NOT NULL,
    device_id      uuid NOT NULL,
    session_id     uuid NOT NULL,
    endpoint       bytea NOT NULL,
    service        text NOT NULL,
    sealed         bytea NOT NULL,
    vapid_key_id   uuid NOT NULL,
    created_at     timestamptz NOT NULL,
    delivered_at   timestamptz,
    failing_since  timestamptz,
    strikes        integer NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, endpoint),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX subscriptions_of_account ON subscriptions (tenant_id, account_id);
CREATE INDEX subscriptions_of_device ON subscriptions (tenant_id, device_id);
CREATE INDEX subscriptions_of_session ON subscriptions (tenant_id, session_id);
