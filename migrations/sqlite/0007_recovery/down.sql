DROP INDEX recoveries_of_account;
DROP INDEX recoveries_due;
ALTER TABLE recoveries DROP COLUMN due_at;
