-- What an operator knows of a person by names of its own.
ALTER TABLE accounts ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';

-- Scopes that an operator defines, with the claims that they open.
CREATE TABLE own_scopes (
    tenant_id  uuid NOT NULL REFERENCES tenants (id),
    name       text NOT NULL,
    data       jsonb NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
