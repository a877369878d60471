ALTER TABLE subscriptions DROP COLUMN clicked_at;
ALTER TABLE subscriptions DROP COLUMN shown_at;
