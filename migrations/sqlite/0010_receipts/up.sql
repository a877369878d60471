-- What a browser says of a notice that it got: that it was put on the screen, and that somebody clicked it.
ALTER TABLE deliveries ADD COLUMN shown_at INTEGER;
ALTER TABLE deliveries ADD COLUMN clicked_at INTEGER;
