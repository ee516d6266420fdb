-- migration
\i other.sql -- fires
CREATE TABLE ${prefix}_t (a int); -- fires
CREATE TABLE t (a int);
