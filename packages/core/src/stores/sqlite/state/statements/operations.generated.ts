// Generated from operations.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of operations.sql by name. */
export const operationsSql = {
  /** Returns what an operation has answered. */
  find: `SELECT answer FROM operation WHERE namespace = :namespace AND subject = :subject AND id = :id;`,
  /** Remembers an answer. */
  add: `INSERT INTO operation (namespace, subject, id, answer, answered_at) VALUES (:namespace, :subject, :id, :answer, :now);`,
} as const;
