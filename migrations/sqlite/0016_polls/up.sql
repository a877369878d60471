-- Requests for whose answer an app comes back: of devices without a browser.
CREATE TABLE polls (
    tenant_id   BLOB NOT NULL REFERENCES tenants (id),
    id          BLOB NOT NULL,
    expires_at  INTEGER NOT NULL,
    data        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX polls_by_expiry ON polls (tenant_id, expires_at);
