-- read: Returns the document of a key, in as many rows as a list has parts.
SELECT document.form, document.text, document.number, document.metadata, document.version,
       document.created_at AS createdAt, document.updated_at AS updatedAt, document.expires_at AS expiresAt,
       part.text AS part
  FROM document
  LEFT JOIN part ON part.document = document.id
 WHERE document.space = (SELECT id FROM space WHERE namespace = :namespace AND name = :name)
   AND document.key = :key
   AND (document.expires_at IS NULL OR document.expires_at > :now)
 ORDER BY part.place;

-- find: Returns what a change has to know of the document of a key.
SELECT id, form, number, items, bytes, version, expires_at IS NOT NULL AND expires_at <= :now AS isOver
  FROM document
 WHERE space = :space AND key = :key;

-- add: Adds a document where there is none.
INSERT INTO document (space, key, form, text, number, items, bytes, metadata, version, created_at, updated_at, expires_at)
VALUES (:space, :key, :form, :text, :number, :items, :bytes, :metadata, :version, :now, :now, :expiresAt)
RETURNING id;

-- replace: Gives a document another content, and keeps what else it has.
UPDATE document
   SET form = :form, text = :text, number = :number, items = :items, bytes = :bytes, version = :version, updated_at = :now
 WHERE id = :id;

-- describe: Gives a document other metadata and another expiry.
UPDATE document SET metadata = :metadata, expires_at = :expiresAt WHERE id = :id;

-- touch: Gives a document another expiry.
UPDATE document SET expires_at = :expiresAt WHERE id = :id;

-- remove: Deletes a document.
DELETE FROM document WHERE id = :id;

-- growPart: Adds items to the last part of a list, if that is short; a list that grows by one item is no pile of rows.
UPDATE part SET text = CAST(text || :text AS BLOB)
 WHERE document = :document
   AND place = (SELECT max(place) FROM part WHERE document = :document)
   AND length(text) < 4096
RETURNING place;

-- addPart: Adds items at the end of a list, as a part of their own.
INSERT INTO part (document, place, text)
VALUES (:document, (SELECT coalesce(max(place), 0) + 1 FROM part WHERE document = :document), :text);

-- removeParts: Takes all items from a list.
DELETE FROM part WHERE document = :document;

-- page: Returns the keys of a range that hold a document, in order.
SELECT key
  FROM document
 WHERE space = (SELECT id FROM space WHERE namespace = :namespace AND name = :name)
   AND key >= :start AND key < :end
   AND (expires_at IS NULL OR expires_at > :now)
 ORDER BY key
 LIMIT :limit;

-- count: Counts the documents of a space.
SELECT count(*) AS documents FROM document WHERE space = :space AND (expires_at IS NULL OR expires_at > :now);

-- clear: Deletes the documents of a space.
DELETE FROM document WHERE space = :space;

-- fence: Returns the highest fence that a key has seen.
SELECT fence FROM document_fence WHERE space = :space AND key = :key;

-- setFence: Notes the highest fence that a key has seen.
INSERT INTO document_fence (space, key, fence, seen_at) VALUES (:space, :key, :fence, :now)
    ON CONFLICT (space, key) DO UPDATE SET fence = excluded.fence, seen_at = excluded.seen_at;

-- keepFence: Lets the fence of a key that holds nothing any more stay for as long as any.
UPDATE document_fence SET seen_at = :now WHERE space = :space AND key = :key;

-- keepFences: Does so for all keys of a space.
UPDATE document_fence SET seen_at = :now WHERE space = :space;
