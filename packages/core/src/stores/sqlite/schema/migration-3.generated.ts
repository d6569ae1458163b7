// Generated from migration-3.sql by "pnpm generate": change that file, not this one.

/** Is the script migration-3.sql. */
export const migration3Sql: string = `-- Adds the checkpoints of graphs. Applied once, in the transaction that sets user_version to 3; never changed afterwards.
--
-- Texts of users are blobs, as those of durable state. Nothing here is evicted.

-- Holds the threads; one that holds nothing is not there.
CREATE TABLE thread (
  id INTEGER PRIMARY KEY,
  namespace INTEGER NOT NULL REFERENCES namespace,
  name BLOB NOT NULL,
  UNIQUE (namespace, name)
) STRICT;

-- Holds the checkpoints. A graph is the namespace of a graph within its thread.
CREATE TABLE checkpoint (
  number INTEGER PRIMARY KEY,
  thread INTEGER NOT NULL REFERENCES thread ON DELETE CASCADE,
  graph BLOB NOT NULL,
  id BLOB NOT NULL,
  parent BLOB,
  record BLOB NOT NULL,
  metadata BLOB NOT NULL,
  UNIQUE (thread, graph, id)
) STRICT;
CREATE INDEX checkpoint_by_id ON checkpoint (thread, id, graph);

-- Holds what channels hold; several checkpoints may refer to one value.
CREATE TABLE channel_value (
  id INTEGER PRIMARY KEY,
  thread INTEGER NOT NULL REFERENCES thread ON DELETE CASCADE,
  value BLOB NOT NULL
) STRICT;
CREATE INDEX channel_value_by_thread ON channel_value (thread);

-- Says which value each channel of a checkpoint holds.
CREATE TABLE checkpoint_channel (
  checkpoint INTEGER NOT NULL REFERENCES checkpoint ON DELETE CASCADE,
  channel BLOB NOT NULL,
  version BLOB NOT NULL,
  value INTEGER NOT NULL REFERENCES channel_value ON DELETE CASCADE,
  PRIMARY KEY (checkpoint, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX checkpoint_channel_by_value ON checkpoint_channel (value);

-- Holds writes, which need no checkpoint beside them.
CREATE TABLE checkpoint_write (
  thread INTEGER NOT NULL REFERENCES thread ON DELETE CASCADE,
  graph BLOB NOT NULL,
  id BLOB NOT NULL,
  task BLOB NOT NULL,
  place INTEGER NOT NULL,
  path BLOB NOT NULL,
  channel BLOB NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (thread, graph, id, task, place)
) STRICT;`;
