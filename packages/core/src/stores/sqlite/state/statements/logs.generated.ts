// Generated from logs.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of logs.sql by name. */
export const logsSql = {
  /** Returns a log, and whether its time is over. */
  find: `SELECT id, first_id AS firstId, last_id AS lastId, last_at AS lastAt,
       expires_at IS NOT NULL AND expires_at <= :now AS isOver
  FROM log
 WHERE namespace = :namespace AND kind = :kind AND name = :name;`,
  /** Adds a log where there is none. */
  add: `INSERT INTO log (namespace, kind, name) VALUES (:namespace, :kind, :name) RETURNING id;`,
  /** Notes how far a log reaches, and when the last entry was taken. */
  advance: `UPDATE log SET last_id = :lastId, last_at = :lastAt WHERE id = :log;`,
  /** Gives a log another expiry. */
  expire: `UPDATE log SET expires_at = :expiresAt WHERE id = :log;`,
  /** Gives a log another expiry, if it is there. */
  touch: `UPDATE log SET expires_at = :expiresAt
 WHERE namespace = :namespace AND kind = :kind AND name = :name AND (expires_at IS NULL OR expires_at > :now);`,
  /** Deletes a log with its entries. */
  remove: `DELETE FROM log WHERE id = :log;`,
  /** Adds an entry. */
  addEntry: `INSERT INTO log_entry (log, id, at, type, text) VALUES (:log, :id, :at, :type, :text);`,
  /** Returns entries of a range, the oldest first. */
  read: `SELECT id, at, type, text FROM log_entry WHERE log = :log AND id > :after AND id < :before ORDER BY id LIMIT :limit;`,
  /** Returns entries of a range, the newest first. */
  readBack: `SELECT id, at, type, text FROM log_entry WHERE log = :log AND id > :after AND id < :before ORDER BY id DESC LIMIT :limit;`,
  /** Returns the id of the oldest entry that is not older than a time. */
  since: `SELECT id FROM log_entry WHERE log = :log AND at >= :time ORDER BY id LIMIT 1;`,
  /** Removes the entries before an id. */
  cut: `DELETE FROM log_entry WHERE log = :log AND id < :firstId;`,
  /** Notes which entry is the oldest. */
  begin: `UPDATE log SET first_id = :firstId WHERE id = :log;`,
} as const;
