// Generated from spaces.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of spaces.sql by name. */
export const spacesSql = {
  /** Returns the number of a space, and its version. */
  find: `SELECT id, version FROM space WHERE namespace = :namespace AND name = :name;`,
  /** Adds a space. */
  add: `INSERT INTO space (namespace, name) VALUES (:namespace, :name);`,
  /** Notes the highest version that a document of the space was given. */
  setVersion: `UPDATE space SET version = :version WHERE id = :space;`,
  /** Returns the names of a range that hold a document, in order. */
  page: `SELECT name AS key
  FROM space
 WHERE namespace = :namespace AND name >= :start AND name < :end
   AND EXISTS (SELECT 1 FROM document
                WHERE document.space = space.id AND (document.expires_at IS NULL OR document.expires_at > :now))
 ORDER BY name
 LIMIT :limit;`,
} as const;
