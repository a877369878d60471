-- A refresh token names its grant and its generation: which one is due stands with the grant, and no token has a row.
ALTER TABLE grants ADD COLUMN generation bigint NOT NULL DEFAULT 0;
ALTER TABLE grants ADD COLUMN rotated_at timestamptz;
DROP TABLE refresh_tokens;
