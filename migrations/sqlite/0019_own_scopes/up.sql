-- What an operator knows of a person by names of its own.
ALTER TABLE accounts ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';

-- Scopes that an operator defines, with the claims that they open.
CREATE TABLE own_scopes (
    tenant_id  BLOB NOT NULL REFERENCES tenants (id),
    name       TEXT NOT NULL,
    data       TEXT NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;
