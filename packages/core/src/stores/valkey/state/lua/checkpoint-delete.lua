-- Deletes a thread.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- RETURN 1
dropThread()
return 1
