// Generated from locks.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of locks.sql by name. */
export const locksSql = {
  /** Returns who holds a lock. */
  find: `SELECT owner, token, fence, expires_at AS expiresAt
  FROM lock
 WHERE namespace = :namespace AND name = :name AND expires_at > :now;`,
  /** Returns a fence that is higher than all before, and no lower than a time in microseconds. */
  nextFence: `UPDATE namespace SET fence = max(fence + 1, :microseconds) WHERE id = :namespace RETURNING fence;`,
  /** Gives a lock to a token, whoever had it before. */
  take: `INSERT INTO lock (namespace, name, owner, token, fence, expires_at)
VALUES (:namespace, :name, :owner, :token, :fence, :expiresAt)
    ON CONFLICT (namespace, name) DO UPDATE
   SET owner = excluded.owner, token = excluded.token, fence = excluded.fence, expires_at = excluded.expires_at;`,
  /** Gives a lock another lease if the token holds it. */
  extend: `UPDATE lock SET expires_at = :expiresAt
 WHERE namespace = :namespace AND name = :name AND token = :token AND expires_at > :now
RETURNING fence;`,
  /** Frees a lock if the token holds it. */
  release: `DELETE FROM lock
 WHERE namespace = :namespace AND name = :name AND token = :token AND expires_at > :now
RETURNING fence;`,
} as const;
