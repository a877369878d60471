-- Ids are 16 bytes, times are microseconds since 1970 in UTC, JSON is text.

-- One row, made at the first start.
CREATE TABLE installation (
    one          INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    wrapped_key  BLOB NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;

-- A tenant is one public origin.
CREATE TABLE tenants (
    id          BLOB PRIMARY KEY NOT NULL,
    origin      TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    set_up_at   INTEGER,
    created_at  INTEGER NOT NULL
) STRICT;
