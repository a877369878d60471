-- What was agreed beside the scope: for which resources, with which details, bound to which key.
ALTER TABLE grants ADD COLUMN terms jsonb NOT NULL DEFAULT '{}';
