-- find: Returns the lease of a key, a tag that killed it, and whether anything at all was invalidated since.
SELECT lease.token, lease.session, lease.stamp, lease.deadline,
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
 WHERE lease.namespace = :namespace AND lease.key = :key;

-- deadline: Returns when a lease ends by itself.
SELECT deadline FROM lease WHERE token = :token;

-- grant: Grants a lease; one that stood before is over.
INSERT INTO lease (namespace, key, token, stamp, session, deadline)
VALUES (:namespace, :key, :token, :stamp, :session, :deadline)
    ON CONFLICT (namespace, key) DO UPDATE
   SET token = excluded.token, stamp = excluded.stamp, session = excluded.session, deadline = excluded.deadline;

-- release: Takes a lease back.
DELETE FROM lease WHERE token = :token RETURNING token;

-- revoke: Takes back whatever lease a key has.
DELETE FROM lease WHERE namespace = :namespace AND key = :key RETURNING token;

-- renew: Lets leases last longer.
UPDATE lease SET deadline = :deadline WHERE token IN (SELECT value FROM json_each(:tokens));

-- hasExpired: Tells whether there is something to sweep.
SELECT EXISTS (SELECT 1 FROM lease WHERE deadline <= :before) AS found;

-- sweep: Deletes leases whose holders are gone.
DELETE FROM lease WHERE deadline <= :before;
