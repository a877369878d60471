-- One writes at a time here: nobody waits at a tenant's row.
SELECT 1;
