-- A telephone number (ITU-T E.164), as its owner wrote it.
ALTER TABLE accounts ADD COLUMN phone TEXT;
