-- How a client came here that no operator wrote down, and when the document was last read that it is made of.
ALTER TABLE clients ADD COLUMN registered TEXT;
ALTER TABLE clients ADD COLUMN read_at INTEGER;

-- Tokens with which apps may register themselves, so many times.
CREATE TABLE initial_tokens (
    tenant_id     BLOB NOT NULL REFERENCES tenants (id),
    id            BLOB NOT NULL,
    hash          BLOB NOT NULL,
    name          TEXT NOT NULL,
    uses          INTEGER NOT NULL,
    used          INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    withdrawn_at  INTEGER,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, hash)
) STRICT;
