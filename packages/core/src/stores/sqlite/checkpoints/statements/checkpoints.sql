-- findThread: Returns the number of a thread whose time is not over.
SELECT id FROM thread WHERE namespace = :namespace AND name = :name AND (expires_at IS NULL OR expires_at > :now);

-- keepThread: Lets a thread stay until then.
UPDATE thread SET expires_at = :expiresAt WHERE id = :thread;

-- fence: Returns the highest fence that a thread was changed under.
SELECT fence FROM thread_fence WHERE namespace = :namespace AND name = :name;

-- setFence: Remembers it.
INSERT INTO thread_fence (namespace, name, fence, seen_at) VALUES (:namespace, :name, :fence, :now)
    ON CONFLICT DO UPDATE SET fence = excluded.fence, seen_at = excluded.seen_at;

-- keepFence: Lets a fence stay for as long as any, because its thread goes.
UPDATE thread_fence SET seen_at = :now WHERE namespace = :namespace AND name = :name;

-- countCheckpoints: Counts the checkpoints of a thread, and their bytes.
SELECT count(*) AS count, coalesce(sum(length(record) + length(metadata)), 0) AS bytes FROM checkpoint WHERE thread = :thread;

-- countBytes: Counts the bytes of values, pieces of lists and writes of a thread.
SELECT (SELECT coalesce(sum(length(value)), 0) FROM channel_value WHERE thread = :thread)
     + (SELECT coalesce(sum(length(value)), 0) FROM list_piece WHERE thread = :thread)
     + (SELECT coalesce(sum(length(value)), 0) FROM checkpoint_write WHERE thread = :thread) AS bytes;

-- addThread: Adds a thread.
INSERT INTO thread (namespace, name) VALUES (:namespace, :name);

-- removeThread: Deletes a thread with all that it holds.
DELETE FROM thread WHERE namespace = :namespace AND name = :name;

-- pageThreads: Returns the names of a range, in order.
SELECT name AS key
  FROM thread
 WHERE namespace = :namespace AND name >= :start AND name < :end AND (expires_at IS NULL OR expires_at > :now)
 ORDER BY name
 LIMIT :limit;

-- find: Returns a checkpoint.
SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph AND id = :id;

-- newest: Returns the newest checkpoint of a graph.
SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph
 ORDER BY id DESC
 LIMIT 1;

-- listGraph: Returns the checkpoints of a graph between two ids, newest first.
SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph AND id >= :least AND id < :before
 ORDER BY id DESC
 LIMIT :limit;

-- listThread: Returns the checkpoints of a thread between two places, newest first.
SELECT number, graph, id, parent, record, metadata
  FROM checkpoint
 WHERE thread = :thread AND id >= :least AND (id, graph) < (:before, :graph)
 ORDER BY id DESC, graph DESC
 LIMIT :limit;

-- add: Stores a checkpoint in place of one that is there.
INSERT INTO checkpoint (thread, graph, id, parent, record, metadata)
VALUES (:thread, :graph, :id, :parent, :record, :metadata)
    ON CONFLICT (thread, graph, id)
    DO UPDATE SET parent = excluded.parent, record = excluded.record, metadata = excluded.metadata
RETURNING number;

-- channels: Returns what the channels of a checkpoint hold.
SELECT channel, channel_value.value AS value, list
  FROM checkpoint_channel
  JOIN channel_value ON channel_value.id = checkpoint_channel.value
 WHERE checkpoint = :checkpoint;

-- channel: Returns what one channel of a checkpoint holds.
SELECT channel_value.value AS value, list
  FROM checkpoint_channel
  JOIN channel_value ON channel_value.id = checkpoint_channel.value
 WHERE checkpoint = :checkpoint AND channel = :channel;

-- versions: Returns the versions of the channels of a checkpoint, and the numbers of their values.
SELECT channel, version, value AS number FROM checkpoint_channel WHERE checkpoint = :checkpoint;

-- clearChannels: Lets the channels of a checkpoint hold nothing.
DELETE FROM checkpoint_channel WHERE checkpoint = :checkpoint;

-- addValue: Stores a value.
INSERT INTO channel_value (thread, value, list) VALUES (:thread, :value, :list);

-- addChannel: Lets a channel hold a value.
INSERT INTO checkpoint_channel (checkpoint, channel, version, value) VALUES (:checkpoint, :channel, :version, :value);

-- removeUnused: Deletes a value that nobody refers to.
DELETE FROM channel_value
 WHERE id = :value AND NOT EXISTS (SELECT 1 FROM checkpoint_channel WHERE value = channel_value.id);

-- removeAllUnused: Deletes the values of a thread that nobody refers to.
DELETE FROM channel_value
 WHERE thread = :thread AND NOT EXISTS (SELECT 1 FROM checkpoint_channel WHERE value = channel_value.id);

-- writes: Returns the writes beside a place, in order.
SELECT task, place, path, channel, value
  FROM checkpoint_write
 WHERE thread = :thread AND graph = :graph AND id = :id
 ORDER BY path, task, place;

-- addWrite: Stores a write where there is none.
INSERT INTO checkpoint_write (thread, graph, id, task, place, path, channel, value)
VALUES (:thread, :graph, :id, :task, :place, :path, :channel, :value)
    ON CONFLICT DO NOTHING;

-- setWrite: Stores a write in place of what is there.
INSERT OR REPLACE INTO checkpoint_write (thread, graph, id, task, place, path, channel, value)
VALUES (:thread, :graph, :id, :task, :place, :path, :channel, :value);

-- graphs: Returns the graphs of a thread.
SELECT DISTINCT graph FROM checkpoint WHERE thread = :thread;

-- addReplayed: Says that a channel is made of what was written to it.
INSERT INTO replayed_channel (checkpoint, channel) VALUES (:checkpoint, :channel);

-- clearReplayed: Lets no channel of a checkpoint be one.
DELETE FROM replayed_channel WHERE checkpoint = :checkpoint;

-- replayed: Returns the channels of a checkpoint that are made of what was written to them.
SELECT channel FROM replayed_channel WHERE checkpoint = :checkpoint;

-- replaying: Returns the checkpoints of a graph that have such channels.
SELECT number, id, parent
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph
   AND EXISTS (SELECT 1 FROM replayed_channel WHERE replayed_channel.checkpoint = checkpoint.number);

-- superseded: Returns all but the newest checkpoints of a graph.
SELECT number, id
  FROM checkpoint
 WHERE thread = :thread AND graph = :graph
 ORDER BY id DESC
 LIMIT -1 OFFSET :keep;

-- remove: Deletes a checkpoint.
DELETE FROM checkpoint WHERE number = :checkpoint;

-- removeWrites: Deletes the writes beside a place.
DELETE FROM checkpoint_write WHERE thread = :thread AND graph = :graph AND id = :id;

-- copyWrites: Puts all writes of a thread into another one.
INSERT INTO checkpoint_write (thread, graph, id, task, place, path, channel, value)
SELECT :target, graph, id, task, place, path, channel, value FROM checkpoint_write WHERE thread = :thread;

-- all: Returns all checkpoints of a thread.
SELECT number, graph, id, parent, record, metadata FROM checkpoint WHERE thread = :thread;

-- values: Returns all values of a thread.
SELECT id, value, list FROM channel_value WHERE thread = :thread;
