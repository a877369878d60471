ALTER TABLE preference_revisions DROP COLUMN quiet;
