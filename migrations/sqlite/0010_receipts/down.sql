ALTER TABLE deliveries DROP COLUMN clicked_at;
ALTER TABLE deliveries DROP COLUMN shown_at;
