-- find: Returns who holds a lock.
SELECT owner, token, fence, expires_at AS expiresAt
  FROM lock
 WHERE namespace = :namespace AND name = :name AND expires_at > :now;

-- nextFence: Returns a fence that is higher than all before, and no lower than a time in microseconds.
UPDATE namespace SET fence = max(fence + 1, :microseconds) WHERE id = :namespace RETURNING fence;

-- take: Gives a lock to a token, whoever had it before.
INSERT INTO lock (namespace, name, owner, token, fence, expires_at)
VALUES (:namespace, :name, :owner, :token, :fence, :expiresAt)
    ON CONFLICT (namespace, name) DO UPDATE
   SET owner = excluded.owner, token = excluded.token, fence = excluded.fence, expires_at = excluded.expires_at;

-- extend: Gives a lock another lease if the token holds it.
UPDATE lock SET expires_at = :expiresAt
 WHERE namespace = :namespace AND name = :name AND token = :token AND expires_at > :now
RETURNING fence;

-- release: Frees a lock if the token holds it.
DELETE FROM lock
 WHERE namespace = :namespace AND name = :name AND token = :token AND expires_at > :now
RETURNING fence;
