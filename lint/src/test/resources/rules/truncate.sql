-- migration
TRUNCATE items; -- fires
CREATE TABLE fresh (a int);
TRUNCATE fresh;
