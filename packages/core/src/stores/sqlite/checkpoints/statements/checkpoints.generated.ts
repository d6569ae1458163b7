// Generated from checkpoints.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of checkpoints.sql by name. */
export const checkpointsSql = {
  /** Returns the number of a thread whose time is not over. */
  findThread: `SELECT id FROM thread WHERE namespace = :namespace AND name = :name AND (expires_at IS NULL OR expires_at > :now);`,
  /** Lets a thread stay until then. */
  keepThread: `UPDATE thread SET expires_at = :expiresAt WHERE id = :thread;`,
  /** Returns the highest fence that a thread was changed under. */
  fence: `SELECT fence FROM thread_fence WHERE namespace = :namespace AND name = :name;`,
  /** Remembers it. */
  setFence: `INSERT INTO thread_fence (namespace, name, fence, seen_at) VALUES (:namespace, :name, :fence, :now)
    ON CONFLICT DO UPDATE SET fence = excluded.fence, seen_at = excluded.seen_at;`,
  /** Lets a fence stay for as long as any, because its thread goes. */
  keepFence: `UPDATE thread_fence SET seen_at = :now WHERE namespace = :namespace AND name = :name;`,
  /** Counts the checkpoints of a thread, and their bytes. */
  countCheckpoints: `SELECT count(*) AS count, coalesce(sum(length(record) + length(metadata)), 0) AS bytes FROM checkpoint WHERE thread = :thread;`,
  /** Counts the bytes of values, pieces of lists and writes of a thread. */
  countBytes: `SELECT (SELECT coalesce(sum(length(value)), 0) FROM channel_value WHERE thread = :thread)
     + (SELECT coalesce(sum(length(value)), 0) FROM list_piece WHERE thread = :thread)
     + (SELECT coalesce(sum(length(value)), 0) FROM checkpoint_write WHERE thread = :thread) AS bytes;`,
  /** Adds a thread. */
  addThread: `INSERT INTO thread (namespace, name) VALUES (:namespace, :name);`,
  /** Deletes a thread with all that it holds. */
  removeThread: `DELETE FROM thread WHERE namespace = :namespace AND name = :name;`,
  /** Returns the names of a range, in order. */
  pageThreads: `SELECT name AS key
  FROM thread
 WHERE namespace = :namespace AND name >= :start AND name < :end AND (expires_at IS NULL OR expires_at > :now)
 ORDER BY name
 LIMIT :limit;`,
  /** Returns a checkpoint. */
  find: `SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph AND id = :id;`,
  /** Returns the newest checkpoint of a graph. */
  newest: `SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph
 ORDER BY id DESC
 LIMIT 1;`,
  /** Returns the checkpoints of a graph between two ids, newest first. */
  listGraph: `SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph AND id >= :least AND id < :before
 ORDER BY id DESC
 LIMIT :limit;`,
  /** Returns the checkpoints of a thread between two places, newest first. */
  listThread: `SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND id >= :least AND (id, graph) < (:before, :graph)
 ORDER BY id DESC, graph DESC
 LIMIT :limit;`,
  /** Stores a checkpoint in place of one that is there. */
  add: `INSERT INTO checkpoint (thread, graph, id, parent, record, metadata)
VALUES (:thread, :graph, :id, :parent, :record, :metadata)
    ON CONFLICT (thread, graph, id)
    DO UPDATE SET parent = excluded.parent, record = excluded.record, metadata = excluded.metadata
RETURNING number;`,
  /** Returns what the channels of a checkpoint hold. */
  channels: `SELECT channel, channel_value.value AS value, list
  FROM checkpoint_channel
  JOIN channel_value ON channel_value.id = checkpoint_channel.value
 WHERE checkpoint = :checkpoint;`,
  /** Returns what one channel of a checkpoint holds. */
  channel: `SELECT channel_value.value AS value, list
  FROM checkpoint_channel
  JOIN channel_value ON channel_value.id = checkpoint_channel.value
 WHERE checkpoint = :checkpoint AND channel = :channel;`,
  /** Returns the versions of the channels of a checkpoint, and the numbers of their values. */
  versions: `SELECT channel, version, value AS number FROM checkpoint_channel WHERE checkpoint = :checkpoint;`,
  /** Lets the channels of a checkpoint hold nothing. */
  clearChannels: `DELETE FROM checkpoint_channel WHERE checkpoint = :checkpoint;`,
  /** Stores a value. */
  addValue: `INSERT INTO channel_value (thread, value, list) VALUES (:thread, :value, :list);`,
  /** Lets a channel hold a value. */
  addChannel: `INSERT INTO checkpoint_channel (checkpoint, channel, version, value) VALUES (:checkpoint, :channel, :version, :value);`,
  /** Deletes a value that nobody refers to. */
  removeUnused: `DELETE FROM channel_value
 WHERE id = :value AND NOT EXISTS (SELECT 1 FROM checkpoint_channel WHERE value = channel_value.id);`,
  /** Deletes the values of a thread that nobody refers to. */
  removeAllUnused: `DELETE FROM channel_value
 WHERE thread = :thread AND NOT EXISTS (SELECT 1 FROM checkpoint_channel WHERE value = channel_value.id);`,
  /** Returns the writes beside a place, in order. */
  writes: `SELECT task, place, path, channel, value
  FROM checkpoint_write
 WHERE thread = :thread AND graph = :graph AND id = :id
 ORDER BY path, task, place;`,
  /** Stores a write where there is none. */
  addWrite: `INSERT INTO checkpoint_write (thread, graph, id, task, place, path, channel, value)
VALUES (:thread, :graph, :id, :task, :place, :path, :channel, :value)
    ON CONFLICT DO NOTHING;`,
  /** Stores a write in place of what is there. */
  setWrite: `INSERT OR REPLACE INTO checkpoint_write (thread, graph, id, task, place, path, channel, value)
VALUES (:thread, :graph, :id, :task, :place, :path, :channel, :value);`,
  /** Returns the graphs of a thread. */
  graphs: `SELECT DISTINCT graph FROM checkpoint WHERE thread = :thread;`,
  /** Says that a channel is made of what was written to it. */
  addReplayed: `INSERT INTO replayed_channel (checkpoint, channel) VALUES (:checkpoint, :channel);`,
  /** Lets no channel of a checkpoint be one. */
  clearReplayed: `DELETE FROM replayed_channel WHERE checkpoint = :checkpoint;`,
  /** Returns the channels of a checkpoint that are made of what was written to them. */
  replayed: `SELECT channel FROM replayed_channel WHERE checkpoint = :checkpoint;`,
  /** Returns the checkpoints of a graph that have such channels. */
  replaying: `SELECT number, id, parent
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph
   AND EXISTS (SELECT 1 FROM replayed_channel WHERE replayed_channel.checkpoint = checkpoint.number);`,
  /** Returns all but the newest checkpoints of a graph. */
  superseded: `SELECT number, id
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph
 ORDER BY id DESC
 LIMIT -1 OFFSET :keep;`,
  /** Deletes a checkpoint. */
  remove: `DELETE FROM checkpoint WHERE number = :checkpoint;`,
  /** Deletes the writes beside a place. */
  removeWrites: `DELETE FROM checkpoint_write WHERE thread = :thread AND graph = :graph AND id = :id;`,
  /** Puts all writes of a thread into another one. */
  copyWrites: `INSERT INTO checkpoint_write (thread, graph, id, task, place, path, channel, value)
SELECT :target, graph, id, task, place, path, channel, value FROM checkpoint_write WHERE thread = :thread;`,
  /** Returns all checkpoints of a thread. */
  all: `SELECT number, graph, id, parent, record, metadata FROM checkpoint WHERE thread = :thread;`,
  /** Returns all values of a thread. */
  values: `SELECT id, value, list FROM channel_value WHERE thread = :thread;`,
} as const;
