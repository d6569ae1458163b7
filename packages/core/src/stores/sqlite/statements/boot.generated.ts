// Generated from boot.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of boot.sql by name. */
export const bootSql = {
  /** Names the start of the machine in which the file was last written without waiting for the disk. */
  find: `SELECT id FROM boot;`,
  /** Forgets it. */
  forget: `DELETE FROM boot;`,
  /** Notes it. */
  note: `INSERT INTO boot (id) VALUES (:id);`,
} as const;
