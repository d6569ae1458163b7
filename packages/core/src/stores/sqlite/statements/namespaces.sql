-- add: Adds a namespace, unless it is there.
INSERT INTO namespace (name) VALUES (:name) ON CONFLICT DO NOTHING;

-- find: Returns the number of a namespace.
SELECT id FROM namespace WHERE name = :name;

-- clock: Returns the tag clock.
SELECT seq, floor, tags FROM namespace WHERE id = :namespace;

-- changes: Returns the count of what can end the validity of an entry.
SELECT changes FROM namespace WHERE id = :namespace;

-- tick: Counts an invalidation, and returns its number.
UPDATE namespace SET seq = seq + 1, changes = changes + 1 WHERE id = :namespace RETURNING seq;

-- change: Counts a change that is no invalidation, and returns the count.
UPDATE namespace SET changes = changes + 1 WHERE id = :namespace RETURNING changes;

-- raiseFloor: Kills everything that was loaded before this seq.
UPDATE namespace SET floor = max(floor, :floor) WHERE id = :namespace;

-- raiseAllFloors: Kills everything in the file.
UPDATE namespace SET seq = seq + 1, floor = seq + 1, changes = changes + 1;

-- measure: Returns how much one namespace holds.
SELECT entries, bytes FROM namespace WHERE id = :namespace;

-- measureAll: Returns how much the whole file holds.
SELECT sum(entries) AS entries, sum(bytes) AS bytes FROM namespace;
