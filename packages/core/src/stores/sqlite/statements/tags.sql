-- invalidate: Gives each tag the number of an invalidation; a tag with an open barrier keeps its higher one.
-- Tags come through json_each here and wherever they are compared, so that both sides read them in the same way.
INSERT INTO tag (namespace, tag, seq, session)
SELECT :namespace, value, :seq, :session FROM json_each(:tags) WHERE true
    ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq);

-- killer: Tells whether something that was loaded under a stamp and depends on tags is dead, and names the tag that killed
-- it; the name is empty where the floor did. The join is a cross join, here and elsewhere, because that keeps its order: from
-- the few tags that are needed to their rows, and not through all that were invalidated since.
SELECT CASE
         WHEN :stamp < (SELECT floor FROM namespace WHERE id = :namespace) THEN ''
         ELSE (SELECT tag.tag
                 FROM json_each(:tags) AS needed
                 CROSS JOIN tag ON tag.namespace = :namespace AND tag.tag = needed.value
                WHERE tag.seq > :stamp
                LIMIT 1)
       END AS tag;

-- hold: Notes who keeps a barrier open, and until when.
INSERT INTO barrier (namespace, tag, holder, deadline)
SELECT :namespace, value, :holder, :deadline FROM json_each(:tags) WHERE true
    ON CONFLICT DO UPDATE SET deadline = excluded.deadline;

-- letGo: Forgets that somebody keeps a barrier open, and everybody whose deadline has passed.
DELETE FROM barrier
 WHERE namespace = :namespace
   AND tag IN (SELECT value FROM json_each(:tags))
   AND (holder = :holder OR deadline < :now);

-- score: Gives each tag the number of its barrier where one is open, and else that of an invalidation.
UPDATE tag
   SET seq = coalesce((SELECT 1000000000000000 + max(barrier.deadline)
                         FROM barrier
                        WHERE barrier.namespace = tag.namespace AND barrier.tag = tag.tag),
                      :seq)
 WHERE namespace = :namespace
   AND tag IN (SELECT value FROM json_each(:tags));

-- hasExpired: Tells whether there is a barrier whose writer has died: its deadline has passed.
SELECT EXISTS (SELECT 1
                 FROM tag
                WHERE namespace = :namespace
                  AND seq > 1000000000000000
                  AND seq < 1000000000000000 + :now) AS found;

-- forgetExpired: Forgets everybody whose deadline has passed.
DELETE FROM barrier WHERE namespace = :namespace AND deadline < :now;

-- scoreExpired: Turns barriers whose deadline has passed into an invalidation.
UPDATE tag
   SET seq = :seq
 WHERE namespace = :namespace
   AND seq > 1000000000000000
   AND seq < 1000000000000000 + :now;

-- prune: Forgets the tags whose last invalidation is longest ago, at most so many, and returns when that was.
DELETE FROM tag
 WHERE namespace = :namespace
   AND tag IN (SELECT oldest.tag
                 FROM tag AS oldest
                WHERE oldest.namespace = :namespace AND oldest.seq < 1000000000000000
                ORDER BY oldest.seq
                LIMIT :limit)
RETURNING seq;
