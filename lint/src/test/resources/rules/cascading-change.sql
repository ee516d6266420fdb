-- migration
DELETE FROM regions WHERE id = 7; -- fires
DELETE FROM shops WHERE id = 7; -- fires
UPDATE regions SET code = 'x' WHERE id = 7; -- fires
DO $$ BEGIN DELETE FROM regions WHERE id = 7; END $$; -- fires
MERGE INTO regions r USING (VALUES (7)) v (id) ON r.id = v.id WHEN MATCHED THEN DELETE; -- fires
UPDATE regions SET name = 'x' WHERE id = 7;
DELETE FROM staff WHERE id = 7;
DELETE FROM orders WHERE id = 7;
MERGE INTO regions r USING (VALUES (7)) v (id) ON r.id = v.id WHEN MATCHED THEN UPDATE SET name = 'x' WHEN NOT MATCHED THEN INSERT VALUES (8);
INSERT INTO regions VALUES (7, 'x') ON CONFLICT DO NOTHING;
CREATE TABLE own (region_id bigint REFERENCES regions ON DELETE SET DEFAULT);
DELETE FROM customers WHERE id = 7;

-- migration
INSERT INTO regions VALUES (7, 'x') ON CONFLICT (id) DO UPDATE SET code = 'x'; -- fires
