DROP TABLE counters;
DROP TABLE single_uses;
DROP TABLE flows;
