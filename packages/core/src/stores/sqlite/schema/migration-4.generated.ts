// Generated from migration-4.sql by "pnpm generate": change that file, not this one.

/** Is the script migration-4.sql. */
export const migration4Sql: string = `-- Adds lists in pieces. Applied once, in the transaction that sets user_version to 4; never changed afterwards.

-- Holds the lists of threads as trees of their beginnings: a row is a list, its last piece and the list before it. Rows are
-- added and never changed. Those that nobody refers to any more go with a prune, together with all that follows from them,
-- so no foreign key watches over them: it would need an index of its own.
CREATE TABLE list_piece (
  id INTEGER PRIMARY KEY,
  thread INTEGER NOT NULL REFERENCES thread ON DELETE CASCADE,
  digest TEXT NOT NULL,
  -- Is the id of the list before it; 0 for the empty one.
  base INTEGER NOT NULL,
  value BLOB NOT NULL,
  UNIQUE (thread, digest)
) STRICT;

-- Is the id of the list that a value is, 0 for the empty one; the value itself has no bytes then.
ALTER TABLE channel_value ADD COLUMN list INTEGER;`;
