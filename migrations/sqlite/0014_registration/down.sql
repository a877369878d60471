DROP TABLE initial_tokens;
ALTER TABLE clients DROP COLUMN read_at;
ALTER TABLE clients DROP COLUMN registered;
