-- What else a person tells of themselves, by the names of the claims (OpenID Connect Core §5.1).
ALTER TABLE accounts ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
