-- find: Names the start of the machine in which the file was last written without waiting for the disk.
SELECT id FROM boot;

-- forget: Forgets it.
DELETE FROM boot;

-- note: Notes it.
INSERT INTO boot (id) VALUES (:id);
