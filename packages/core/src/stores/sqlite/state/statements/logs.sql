-- find: Returns a log, and whether its time is over.
SELECT id, first_id AS firstId, last_id AS lastId, last_at AS lastAt,
       expires_at IS NOT NULL AND expires_at <= :now AS isOver
  FROM log
 WHERE namespace = :namespace AND kind = :kind AND name = :name;

-- add: Adds a log where there is none.
INSERT INTO log (namespace, kind, name) VALUES (:namespace, :kind, :name) RETURNING id;

-- advance: Notes how far a log reaches, and when the last entry was taken.
UPDATE log SET last_id = :lastId, last_at = :lastAt WHERE id = :log;

-- expire: Gives a log another expiry.
UPDATE log SET expires_at = :expiresAt WHERE id = :log;

-- touch: Gives a log another expiry, if it is there.
UPDATE log SET expires_at = :expiresAt
 WHERE namespace = :namespace AND kind = :kind AND name = :name AND (expires_at IS NULL OR expires_at > :now);

-- remove: Deletes a log with its entries.
DELETE FROM log WHERE id = :log;

-- addEntry: Adds an entry.
INSERT INTO log_entry (log, id, at, type, text) VALUES (:log, :id, :at, :type, :text);

-- read: Returns entries of a range, the oldest first.
SELECT id, at, type, text FROM log_entry WHERE log = :log AND id > :after AND id < :before ORDER BY id LIMIT :limit;

-- readBack: Returns entries of a range, the newest first.
SELECT id, at, type, text FROM log_entry WHERE log = :log AND id > :after AND id < :before ORDER BY id DESC LIMIT :limit;

-- since: Returns the id of the oldest entry that is not older than a time.
SELECT id FROM log_entry WHERE log = :log AND at >= :time ORDER BY id LIMIT 1;

-- cut: Removes the entries before an id.
DELETE FROM log_entry WHERE log = :log AND id < :firstId;

-- begin: Notes which entry is the oldest.
UPDATE log SET first_id = :firstId WHERE id = :log;
