// Generated from entries.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of entries.sql by name. */
export const entriesSql = {
  /** Returns an entry, a tag that killed it, and the state of the clock, all of the same moment. */
  find: `SELECT entry.id, entry.session, entry.stamp, entry.tags, entry.value, entry.load_ms AS loadMs,
       entry.stored_at AS storedAt, entry.fresh_until AS freshUntil, entry.expires_at AS expiresAt, entry.bytes,
       entry.stamp < namespace.floor AS isBelowFloor,
       coalesce((SELECT tag.tag
                   FROM json_each(entry.tags) AS needed
                   CROSS JOIN tag ON tag.namespace = entry.namespace AND tag.tag = needed.value
                  WHERE tag.seq > entry.stamp
                  LIMIT 1),
                (SELECT tag.tag
                   FROM json_each(:declared) AS needed
                   CROSS JOIN tag ON tag.namespace = entry.namespace AND tag.tag = needed.value
                  WHERE tag.seq > entry.stamp
                  LIMIT 1)) AS culprit,
       namespace.changes
  FROM entry
  JOIN namespace ON namespace.id = entry.namespace
 WHERE entry.namespace = :namespace AND entry.key = :key;`,
  /** Tells whether an entry is still there and valid, for a call that declares tags. */
  holds: `SELECT 1
  FROM entry
  JOIN namespace ON namespace.id = entry.namespace
 WHERE entry.id = :id
   AND entry.stamp >= namespace.floor
   AND NOT EXISTS (SELECT 1
                     FROM json_each(entry.tags) AS needed
                     CROSS JOIN tag ON tag.namespace = entry.namespace AND tag.tag = needed.value
                    WHERE tag.seq > entry.stamp)
   AND NOT EXISTS (SELECT 1
                     FROM json_each(:declared) AS needed
                     CROSS JOIN tag ON tag.namespace = entry.namespace AND tag.tag = needed.value
                    WHERE tag.seq > entry.stamp);`,
  /** Deletes the entry of a key. */
  remove: `DELETE FROM entry WHERE namespace = :namespace AND key = :key RETURNING id;`,
  /** Stores an entry where none is. */
  add: `INSERT INTO entry (namespace, key, session, stamp, tags, stored_at, fresh_until, expires_at, used_at, load_ms, bytes, value)
VALUES (:namespace, :key, :session, :stamp, :tags, :storedAt, :freshUntil, :expiresAt, :storedAt, :loadMs, :bytes, :value)
RETURNING id;`,
  /** Deletes the entries that were used longest ago. */
  evict: `DELETE FROM entry
 WHERE id IN (SELECT id FROM entry WHERE id <> :spared ORDER BY used_at, id LIMIT :limit)
RETURNING namespace, bytes;`,
  /** Notes that entries were read. */
  noteUse: `UPDATE entry SET used_at = :now WHERE id IN (SELECT value FROM json_each(:ids));`,
  /** Tells whether there is something to sweep. */
  hasExpired: `SELECT EXISTS (SELECT 1 FROM entry WHERE expires_at <= :now) AS found;`,
  /** Deletes entries that nobody wants any more. */
  sweep: `DELETE FROM entry
 WHERE id IN (SELECT id FROM entry WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit)
RETURNING namespace;`,
  /** Deletes entries of a namespace that are below the floor. */
  clearBatch: `DELETE FROM entry
 WHERE id IN (SELECT id FROM entry WHERE namespace = :namespace AND stamp < :floor LIMIT :limit);`,
} as const;
