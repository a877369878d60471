-- One row, made at the first start.
CREATE TABLE installation (
    one          integer PRIMARY KEY NOT NULL CHECK (one = 1),
    wrapped_key  bytea NOT NULL,
    created_at   timestamptz NOT NULL
);

-- A tenant is one public origin.
CREATE TABLE tenants (
    id          uuid PRIMARY KEY NOT NULL,
    origin      text NOT NULL UNIQUE,
    name        text NOT NULL,
    set_up_at   timestamptz,
    created_at  timestamptz NOT NULL
);
