-- find: Returns the number of a space, and its version.
SELECT id, version FROM space WHERE namespace = :namespace AND name = :name;

-- add: Adds a space.
INSERT INTO space (namespace, name) VALUES (:namespace, :name);

-- setVersion: Notes the highest version that a document of the space was given.
UPDATE space SET version = :version WHERE id = :space;

-- page: Returns the names of a range that hold a document, in order.
SELECT name AS key
  FROM space
 WHERE namespace = :namespace AND name >= :start AND name < :end
   AND EXISTS (SELECT 1 FROM document
                WHERE document.space = space.id AND (document.expires_at IS NULL OR document.expires_at > :now))
 ORDER BY name
 LIMIT :limit;
