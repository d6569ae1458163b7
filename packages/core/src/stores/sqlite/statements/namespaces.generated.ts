// Generated from namespaces.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of namespaces.sql by name. */
export const namespacesSql = {
  /** Adds a namespace, unless it is there. */
  add: `INSERT INTO namespace (name) VALUES (:name) ON CONFLICT DO NOTHING;`,
  /** Returns the number of a namespace. */
  find: `SELECT id FROM namespace WHERE name = :name;`,
  /** Returns the tag clock. */
  clock: `SELECT seq, floor, tags FROM namespace WHERE id = :namespace;`,
  /** Returns the count of what can end the validity of an entry. */
  changes: `SELECT changes FROM namespace WHERE id = :namespace;`,
  /** Counts an invalidation, and returns its number. */
  tick: `UPDATE namespace SET seq = seq + 1, changes = changes + 1 WHERE id = :namespace RETURNING seq;`,
  /** Counts a change that is no invalidation, and returns the count. */
  change: `UPDATE namespace SET changes = changes + 1 WHERE id = :namespace RETURNING changes;`,
  /** Kills everything that was loaded before this seq. */
  raiseFloor: `UPDATE namespace SET floor = max(floor, :floor) WHERE id = :namespace;`,
  /** Kills everything in the file. */
  raiseAllFloors: `UPDATE namespace SET seq = seq + 1, floor = seq + 1, changes = changes + 1;`,
  /** Returns how much one namespace holds. */
  measure: `SELECT entries, bytes FROM namespace WHERE id = :namespace;`,
  /** Returns how much the whole file holds. */
  measureAll: `SELECT sum(entries) AS entries, sum(bytes) AS bytes FROM namespace;`,
} as const;
