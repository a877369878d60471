DROP TABLE sessions;
DROP TABLE devices;
DROP TABLE passwords;
DROP TABLE accounts;
