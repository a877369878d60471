DROP INDEX polls_by_person;
ALTER TABLE polls DROP COLUMN waits_for;
