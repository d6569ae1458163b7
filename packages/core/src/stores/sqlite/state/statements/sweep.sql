-- hasExpired: Tells whether there is something to sweep.
SELECT EXISTS (SELECT 1 FROM document WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM log WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM run WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM lock WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM operation WHERE answered_at <= :forgotten)
    OR EXISTS (SELECT 1 FROM document_fence WHERE seen_at <= :unfenced)
    OR EXISTS (SELECT 1 FROM thread WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM thread_fence WHERE seen_at <= :unfenced) AS found;

-- keepFences: Lets the fences of documents that are about to go stay for as long as any.
UPDATE document_fence SET seen_at = :now
 WHERE (space, key) IN (SELECT space, key FROM document WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit);

-- documents: Deletes documents whose time is over.
DELETE FROM document WHERE id IN (SELECT id FROM document WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit);

-- log: Returns a log whose time is over.
SELECT id FROM log WHERE expires_at <= :now LIMIT 1;

-- entries: Deletes entries of such a log.
DELETE FROM log_entry
 WHERE log = :log AND id IN (SELECT id FROM log_entry WHERE log = :log ORDER BY id LIMIT :limit);

-- removeLog: Deletes the log itself.
DELETE FROM log WHERE id = :log;

-- runs: Deletes runs whose time is over, with their steps.
DELETE FROM run WHERE id IN (SELECT id FROM run WHERE expires_at <= :now LIMIT :limit);

-- locks: Deletes locks whose lease is over.
DELETE FROM lock WHERE expires_at <= :now;

-- operations: Forgets operations that nobody repeats any more.
DELETE FROM operation
 WHERE (namespace, subject, id) IN (
   SELECT namespace, subject, id FROM operation WHERE answered_at <= :forgotten ORDER BY answered_at LIMIT :limit);

-- keepUsed: Keeps the fences of keys that hold a document, though nobody has passed one for long.
UPDATE document_fence SET seen_at = :now
 WHERE (space, key) IN (
         SELECT space, key FROM document_fence WHERE seen_at <= :unfenced ORDER BY seen_at LIMIT :limit)
   AND EXISTS (SELECT 1 FROM document WHERE document.space = document_fence.space AND document.key = document_fence.key);

-- fences: Forgets fences of keys that have held nothing for long.
DELETE FROM document_fence
 WHERE (space, key) IN (
         SELECT space, key FROM document_fence WHERE seen_at <= :unfenced ORDER BY seen_at LIMIT :limit)
   AND NOT EXISTS (SELECT 1 FROM document
                    WHERE document.space = document_fence.space AND document.key = document_fence.key);

-- keepThreadFences: Lets the fences of threads that are about to go stay for as long as any.
UPDATE thread_fence SET seen_at = :now
 WHERE (namespace, name) IN (SELECT namespace, name FROM thread WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit);

-- threads: Deletes threads whose time is over, with all that they hold.
DELETE FROM thread WHERE id IN (SELECT id FROM thread WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit);

-- keepThreads: Keeps the fences of threads that are there, though nobody has passed one for long.
UPDATE thread_fence SET seen_at = :now
 WHERE (namespace, name) IN (
         SELECT namespace, name FROM thread_fence WHERE seen_at <= :unfenced ORDER BY seen_at LIMIT :limit)
   AND EXISTS (SELECT 1 FROM thread WHERE thread.namespace = thread_fence.namespace AND thread.name = thread_fence.name);

-- threadFences: Forgets fences of threads that have been gone for long.
DELETE FROM thread_fence
 WHERE (namespace, name) IN (
         SELECT namespace, name FROM thread_fence WHERE seen_at <= :unfenced ORDER BY seen_at LIMIT :limit)
   AND NOT EXISTS (SELECT 1 FROM thread
                    WHERE thread.namespace = thread_fence.namespace AND thread.name = thread_fence.name);
