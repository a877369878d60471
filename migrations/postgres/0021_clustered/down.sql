-- PostgreSQL keeps rows apart from their keys; nothing changes.
SELECT 1;
