DROP TABLE tenants;
DROP TABLE installation;
