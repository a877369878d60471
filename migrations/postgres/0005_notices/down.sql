DROP TABLE subscriptions;
DROP TABLE preferences;
DROP TABLE preference_revisions;
DROP TABLE deliveries;
DROP TABLE events;
