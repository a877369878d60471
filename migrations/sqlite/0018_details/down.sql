ALTER TABLE accounts DROP COLUMN details;
