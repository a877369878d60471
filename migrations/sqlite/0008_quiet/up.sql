-- When nothing rings, and how much a notice says; NULL before it was chosen.
ALTER TABLE preference_revisions ADD COLUMN quiet TEXT;
