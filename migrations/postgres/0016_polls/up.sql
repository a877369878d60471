-- Requests for whose answer an app comes back: of devices without a browser.
CREATE TABLE polls (
    tenant_id   uuid NOT NULL REFERENCES tenants (id),
    id          uuid NOT NULL,
    expires_at  timestamptz NOT NULL,
    data        jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX polls_by_expiry ON polls (tenant_id, expires_at);
