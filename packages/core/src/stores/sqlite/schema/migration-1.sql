-- Lays out a file of Keepstep. Applied once, in the transaction that sets user_version to 1; never changed afterwards.
--
-- Names, session ids and tags are texts of users. Names and ids are written as JSON strings, and lists of tags as JSON
-- arrays, because UTF-8 cannot tell one lone surrogate from another; a key is its SHA-256. Times are milliseconds since
-- the epoch, with fractions.

-- Holds the tag clock of each namespace (see freshness/tag-clock.ts), and what is counted.
CREATE TABLE namespace (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- Counts invalidations.
  seq INTEGER NOT NULL DEFAULT 1,
  -- Is the seq below which everything is dead.
  floor INTEGER NOT NULL DEFAULT 1,
  -- Counts everything that can end the validity of an entry: while it stands still, all copies that were valid still are.
  changes INTEGER NOT NULL DEFAULT 0,
  tags INTEGER NOT NULL DEFAULT 0,
  entries INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Holds open sessions. A row is one opening; its id is never used again.
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace INTEGER NOT NULL REFERENCES namespace,
  name TEXT NOT NULL,
  user TEXT,
  opening TEXT NOT NULL UNIQUE,
  -- Is when a process last said that it has the session open.
  used_at REAL NOT NULL,
  UNIQUE (namespace, name)
) STRICT;
CREATE INDEX session_by_use ON session (used_at);

-- Remembers when each tag was last invalidated. While a barrier is open, seq is 10^15 plus its deadline: above every stamp.
CREATE TABLE tag (
  namespace INTEGER NOT NULL REFERENCES namespace,
  tag TEXT NOT NULL,
  seq INTEGER NOT NULL,
  session INTEGER REFERENCES session ON DELETE CASCADE,
  PRIMARY KEY (namespace, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_by_seq ON tag (namespace, seq);
CREATE INDEX tag_by_session ON tag (session) WHERE session IS NOT NULL;

-- Holds who keeps a barrier open.
CREATE TABLE barrier (
  namespace INTEGER NOT NULL,
  tag TEXT NOT NULL,
  holder TEXT NOT NULL,
  deadline INTEGER NOT NULL,
  PRIMARY KEY (namespace, tag, holder),
  FOREIGN KEY (namespace, tag) REFERENCES tag ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Holds results. A row that is replaced gets a new id, and no id is used twice: an id stands for one value.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace INTEGER NOT NULL REFERENCES namespace,
  key TEXT NOT NULL,
  session INTEGER REFERENCES session ON DELETE CASCADE,
  stamp INTEGER NOT NULL,
  tags TEXT NOT NULL,
  stored_at REAL NOT NULL,
  fresh_until REAL NOT NULL,
  -- Is when nobody wants the entry any more, not even past its ttl.
  expires_at REAL NOT NULL,
  -- Is when the entry was stored or last read, as far as processes have told.
  used_at REAL NOT NULL,
  load_ms REAL NOT NULL,
  bytes INTEGER NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (namespace, key)
) STRICT;
CREATE INDEX entry_by_expiry ON entry (expires_at);
CREATE INDEX entry_by_use ON entry (used_at);
CREATE INDEX entry_by_session ON entry (session) WHERE session IS NOT NULL;

-- Holds the right to load a key, and the stamp that was taken when it was granted.
CREATE TABLE lease (
  namespace INTEGER NOT NULL REFERENCES namespace,
  key TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  stamp INTEGER NOT NULL,
  session INTEGER REFERENCES session ON DELETE CASCADE,
  -- Is when the lease ends by itself, unless its holder renews it.
  deadline REAL NOT NULL,
  PRIMARY KEY (namespace, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_by_session ON lease (session) WHERE session IS NOT NULL;
CREATE INDEX lease_by_deadline ON lease (deadline);

-- Names the start of the machine in which the file was last written without waiting for the disk.
CREATE TABLE boot (
  id TEXT NOT NULL
) STRICT;

CREATE TRIGGER tag_added AFTER INSERT ON tag BEGIN
  UPDATE namespace SET tags = tags + 1 WHERE id = new.namespace;
END;
CREATE TRIGGER tag_removed AFTER DELETE ON tag BEGIN
  UPDATE namespace SET tags = tags - 1 WHERE id = old.namespace;
END;
CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN
  UPDATE namespace SET entries = entries + 1, bytes = bytes + new.bytes WHERE id = new.namespace;
END;
CREATE TRIGGER entry_removed AFTER DELETE ON entry BEGIN
  UPDATE namespace SET entries = entries - 1, bytes = bytes - old.bytes WHERE id = old.namespace;
END;
