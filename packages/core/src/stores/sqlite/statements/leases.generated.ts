// Generated from leases.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of leases.sql by name. */
export const leasesSql = {
  /** Returns the lease of a key, a tag that killed it, and whether anything at all was invalidated since. */
  find: `SELECT lease.token, lease.session, lease.stamp, lease.deadline,
       lease.stamp < namespace.floor AS isBelowFloor,
       (SELECT tag.tag
          FROM json_each(:declared) AS needed
          CROSS JOIN tag ON tag.namespace = lease.namespace AND tag.tag = needed.value
         WHERE tag.seq > lease.stamp
         LIMIT 1) AS culprit,
       lease.stamp = namespace.seq
         AND NOT EXISTS (SELECT 1 FROM barrier WHERE barrier.namespace = lease.namespace) AS isCurrent
  FROM lease
  JOIN namespace ON namespace.id = lease.namespace
 WHERE lease.namespace = :namespace AND lease.key = :key;`,
  /** Returns when a lease ends by itself. */
  deadline: `SELECT deadline FROM lease WHERE token = :token;`,
  /** Grants a lease; one that stood before is over. */
  grant: `INSERT INTO lease (namespace, key, token, stamp, session, deadline)
VALUES (:namespace, :key, :token, :stamp, :session, :deadline)
    ON CONFLICT (namespace, key) DO UPDATE
   SET token = excluded.token, stamp = excluded.stamp, session = excluded.session, deadline = excluded.deadline;`,
  /** Takes a lease back. */
  release: `DELETE FROM lease WHERE token = :token RETURNING token;`,
  /** Takes back whatever lease a key has. */
  revoke: `DELETE FROM lease WHERE namespace = :namespace AND key = :key RETURNING token;`,
  /** Lets leases last longer. */
  renew: `UPDATE lease SET deadline = :deadline WHERE token IN (SELECT value FROM json_each(:tokens));`,
  /** Tells whether there is something to sweep. */
  hasExpired: `SELECT EXISTS (SELECT 1 FROM lease WHERE deadline <= :before) AS found;`,
  /** Deletes leases whose holders are gone. */
  sweep: `DELETE FROM lease WHERE deadline <= :before;`,
} as const;
