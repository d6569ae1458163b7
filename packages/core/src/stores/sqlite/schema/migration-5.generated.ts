// Generated from migration-5.sql by "pnpm generate": change that file, not this one.

/** Is the script migration-5.sql. */
export const migration5Sql: string = `-- Lets threads end, and remembers their fences. Applied once, in the transaction that sets user_version to 5; never changed
-- afterwards.

-- Is when the time of the thread is over.
ALTER TABLE thread ADD COLUMN expires_at REAL;
CREATE INDEX thread_by_expiry ON thread (expires_at) WHERE expires_at IS NOT NULL;

-- Holds the highest fence that each thread was changed under. It outlives the thread.
CREATE TABLE thread_fence (
  namespace INTEGER NOT NULL REFERENCES namespace,
  name BLOB NOT NULL,
  fence INTEGER NOT NULL,
  seen_at REAL NOT NULL,
  PRIMARY KEY (namespace, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_fence_by_time ON thread_fence (seen_at);

-- Names the channels of a checkpoint that are made of what was written to them since an ancestor held a value.
CREATE TABLE replayed_channel (
  checkpoint INTEGER NOT NULL REFERENCES checkpoint ON DELETE CASCADE,
  channel BLOB NOT NULL,
  PRIMARY KEY (checkpoint, channel)
) STRICT, WITHOUT ROWID;`;
