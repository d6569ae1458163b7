-- find: Returns the session that is open under an id.
SELECT id, user, opening, used_at AS usedAt FROM session WHERE namespace = :namespace AND name = :name;

-- findOpening: Returns the number of an opening, while it is open.
SELECT id FROM session WHERE opening = :opening AND namespace = :namespace;

-- add: Opens a session.
INSERT INTO session (namespace, name, user, opening, used_at) VALUES (:namespace, :name, :user, :opening, :now);

-- end: Ends a session; what belongs to it goes with it.
DELETE FROM session WHERE opening = :opening AND namespace = :namespace RETURNING id;

-- noteUse: Notes that a process has sessions open.
UPDATE session SET used_at = :now WHERE opening IN (SELECT value FROM json_each(:openings));

-- idle: Returns a session that nobody has had open for long.
SELECT namespace, opening FROM session WHERE used_at <= :before ORDER BY used_at LIMIT 1;
