// Generated from sessions.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of sessions.sql by name. */
export const sessionsSql = {
  /** Returns the session that is open under an id. */
  find: `SELECT id, user, opening, used_at AS usedAt FROM session WHERE namespace = :namespace AND name = :name;`,
  /** Returns the number of an opening, while it is open. */
  findOpening: `SELECT id FROM session WHERE opening = :opening AND namespace = :namespace;`,
  /** Opens a session. */
  add: `INSERT INTO session (namespace, name, user, opening, used_at) VALUES (:namespace, :name, :user, :opening, :now);`,
  /** Ends a session; what belongs to it goes with it. */
  end: `DELETE FROM session WHERE opening = :opening AND namespace = :namespace RETURNING id;`,
  /** Notes that a process has sessions open. */
  noteUse: `UPDATE session SET used_at = :now WHERE opening IN (SELECT value FROM json_each(:openings));`,
  /** Returns a session that nobody has had open for long. */
  idle: `SELECT namespace, opening FROM session WHERE used_at <= :before ORDER BY used_at LIMIT 1;`,
} as const;
