// Generated from lists.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of lists.sql by name. */
export const listsSql = {
  /** Returns a list of a thread. */
  find: `SELECT id FROM list_piece WHERE thread = :thread AND digest = :digest;`,
  /** Adds a piece where it is not there yet. */
  add: `INSERT INTO list_piece (thread, digest, base, value)
VALUES (:thread, :digest, :base, :value)
    ON CONFLICT DO NOTHING;`,
  /** Returns the pieces of a list. */
  chain: `WITH RECURSIVE chain (id, base) AS (
  SELECT id, base FROM list_piece WHERE id = :list
  UNION ALL
  SELECT list_piece.id, list_piece.base FROM chain CROSS JOIN list_piece ON list_piece.id = chain.base
)
SELECT list_piece.id, list_piece.base, digest, value FROM chain CROSS JOIN list_piece ON list_piece.id = chain.id;`,
  /** Deletes the pieces of a thread that no value refers to, itself or through what follows from them. */
  sweep: `WITH RECURSIVE used (id) AS (
  SELECT list FROM channel_value WHERE thread = :thread AND list IS NOT NULL
  UNION
  SELECT base FROM used CROSS JOIN list_piece ON list_piece.id = used.id
)
DELETE FROM list_piece WHERE thread = :thread AND id NOT IN (SELECT id FROM used);`,
  /** Puts all pieces of a thread into another one. */
  copy: `INSERT INTO list_piece (thread, digest, base, value)
SELECT :target, digest, base, value FROM list_piece WHERE thread = :thread;`,
  /** Lets the pieces that were copied follow from one another, and no longer from those of the origin. */
  rebase: `UPDATE list_piece
   SET base = (
         SELECT twin.id
           FROM list_piece AS origin
           JOIN list_piece AS twin ON twin.thread = :target AND twin.digest = origin.digest
          WHERE origin.id = list_piece.base
       )
 WHERE thread = :target AND base <> 0;`,
  /** Returns the copy of a list in another thread. */
  twin: `SELECT twin.id
  FROM list_piece AS origin
  JOIN list_piece AS twin ON twin.thread = :target AND twin.digest = origin.digest
 WHERE origin.id = :list;`,
} as const;
