-- How a client came here that no operator wrote down, and when the document was last read that it is made of.
ALTER TABLE clients ADD COLUMN registered text;
ALTER TABLE clients ADD COLUMN read_at timestamptz;

-- Tokens with which apps may register themselves, so many times.
CREATE TABLE initial_tokens (
    tenant_id     uuid NOT NULL REFERENCES tenants (id),
    id            uuid NOT NULL,
    hash          bytea NOT NULL,
    name          text NOT NULL,
    uses          bigint NOT NULL,
    used          bigint NOT NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    withdrawn_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, hash)
);
