-- What a browser says of a notice that it got: that it was put on the screen, and that somebody clicked it.
ALTER TABLE deliveries ADD COLUMN shown_at timestamptz;
ALTER TABLE deliveries ADD COLUMN clicked_at timestamptz;
