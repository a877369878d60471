ALTER TABLE accounts DROP COLUMN enrol_by;
ALTER TABLE devices DROP COLUMN trusted_until;
DROP TABLE recoveries;
DROP TABLE identities;
DROP TABLE recovery_codes;
DROP TABLE totps;
DROP TABLE credentials;
