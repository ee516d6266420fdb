-- migration V1__a.sql
ALTER TYPE mood ADD VALUE 'angry';
CREATE TABLE feelings (felt mood DEFAULT 'angry'); -- fires
CREATE TABLE others (felt mood DEFAULT 'sad');

-- migration
ALTER TYPE mood ADD VALUE 'angry';
CREATE TABLE feelings (felt mood DEFAULT 'angry');
