-- When a browser last said that a notice was on its screen, and that somebody clicked one.
ALTER TABLE subscriptions ADD COLUMN shown_at timestamptz;
ALTER TABLE subscriptions ADD COLUMN clicked_at timestamptz;
