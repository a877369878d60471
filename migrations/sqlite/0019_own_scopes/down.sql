DROP TABLE own_scopes;
ALTER TABLE accounts DROP COLUMN attributes;
