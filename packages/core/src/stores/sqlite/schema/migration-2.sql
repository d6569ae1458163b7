-- Adds durable state. Applied once, in the transaction that sets user_version to 2; never changed afterwards.
--
-- Texts of users, names and keys among them, are blobs: UTF-8 in which each half of a surrogate pair has bytes of its own,
-- so that no two texts are the same and bytes are in the order of code points. Times are milliseconds since the epoch, with
-- fractions. Nothing here is evicted.

-- Is the highest fence that any lock of the namespace was given.
ALTER TABLE namespace ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;

-- Holds the spaces of documents. A space stays for good: its version must never go back.
CREATE TABLE space (
  id INTEGER PRIMARY KEY,
  namespace INTEGER NOT NULL REFERENCES namespace,
  name BLOB NOT NULL,
  version INTEGER NOT NULL DEFAULT 0,
  UNIQUE (namespace, name)
) STRICT;

CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES space,
  key BLOB NOT NULL,
  -- Is 'value', 'number' or 'list'.
  form TEXT NOT NULL,
  -- Is the text of a value.
  text BLOB,
  number REAL,
  -- Are the number of items of a list, and their bytes with a line break for each.
  items INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  metadata BLOB,
  version INTEGER NOT NULL,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  expires_at REAL,
  UNIQUE (space, key)
) STRICT;
CREATE INDEX document_by_expiry ON document (expires_at) WHERE expires_at IS NOT NULL;

-- Holds the items of lists, as they were appended: an append writes what it adds, and not the whole list.
CREATE TABLE part (
  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  place INTEGER NOT NULL,
  -- Are items, each with a line break after it.
  text BLOB NOT NULL,
  PRIMARY KEY (document, place)
) STRICT, WITHOUT ROWID;

-- Remembers the highest fence that has written to a key, also when the key holds nothing.
CREATE TABLE document_fence (
  space INTEGER NOT NULL REFERENCES space,
  key BLOB NOT NULL,
  fence INTEGER NOT NULL,
  -- Is when it was last needed, as far as is known.
  seen_at REAL NOT NULL,
  PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_fence_by_use ON document_fence (seen_at);

-- Holds logs. The kind keeps those of runs apart from the others.
CREATE TABLE log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace INTEGER NOT NULL REFERENCES namespace,
  kind TEXT NOT NULL,
  name BLOB NOT NULL,
  first_id INTEGER NOT NULL DEFAULT 1,
  last_id INTEGER NOT NULL DEFAULT 0,
  -- Is when the last entry was taken: no later one has an earlier time.
  last_at REAL NOT NULL DEFAULT 0,
  expires_at REAL,
  UNIQUE (namespace, kind, name)
) STRICT;
CREATE INDEX log_by_expiry ON log (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE log_entry (
  log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
  id INTEGER NOT NULL,
  at REAL NOT NULL,
  type BLOB NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (log, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lock (
  namespace INTEGER NOT NULL REFERENCES namespace,
  name BLOB NOT NULL,
  owner BLOB NOT NULL,
  token BLOB NOT NULL,
  fence INTEGER NOT NULL,
  expires_at REAL NOT NULL,
  PRIMARY KEY (namespace, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX lock_by_expiry ON lock (expires_at);

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace INTEGER NOT NULL REFERENCES namespace,
  name BLOB NOT NULL,
  incarnation BLOB NOT NULL,
  status TEXT NOT NULL,
  current_step BLOB,
  outcome BLOB,
  fence INTEGER NOT NULL,
  version INTEGER NOT NULL,
  openings INTEGER NOT NULL,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  expires_at REAL NOT NULL,
  UNIQUE (namespace, name)
) STRICT;
CREATE INDEX run_by_status ON run (namespace, status, name);
CREATE INDEX run_by_expiry ON run (expires_at);

-- Holds what the steps of runs have returned, in the order in which they were recorded.
CREATE TABLE step (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name BLOB NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (run, place),
  UNIQUE (run, name)
) STRICT, WITHOUT ROWID;

-- Remembers what operations have answered, so that one that is repeated is not carried out twice.
CREATE TABLE operation (
  namespace INTEGER NOT NULL REFERENCES namespace,
  -- Is what was asked of whom: a method, and the name of a space, a log or a run.
  subject BLOB NOT NULL,
  id BLOB NOT NULL,
  -- Is the answer, as JSON.
  answer TEXT NOT NULL,
  answered_at REAL NOT NULL,
  PRIMARY KEY (namespace, subject, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_by_time ON operation (answered_at);
