-- Whose answer an app waits for: empty once it is decided, and where no person is asked.
ALTER TABLE polls ADD COLUMN waits_for BLOB;
CREATE INDEX polls_by_person ON polls (tenant_id, waits_for) WHERE waits_for IS NOT NULL;
