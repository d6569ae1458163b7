-- Deletes a thread.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: fence or 0
-- RETURN a fence if the thread has seen a higher one, and nothing is deleted
-- RETURN 0
local higher = higherFence(tonumber(ARGV[1]))
if higher then return higher end
dropThread()
return 0
