DROP TABLE lockdowns;
DROP TABLE changes;
