-- Stores writes beside a place.
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: place
-- ARGV 2: fence or 0
-- ARGV 3: ttl or 0
-- ARGV 4…: for each write its task, index, path, channel and value
-- RETURN a fence if the thread has seen a higher one, and nothing is stored
-- RETURN 0
local higher = higherFence(tonumber(ARGV[2]))
if higher then return higher end
local key = beside('w' .. ARGV[1])
redis.call('SADD', beside('k'), ARGV[1])
for at = 4, #ARGV, 5 do
  local field = ARGV[at + 1] .. ' ' .. ARGV[at]
  local write = cmsgpack.pack({ ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] })
  redis.call(tonumber(ARGV[at + 1]) < 0 and 'HSET' or 'HSETNX', key, field, write)
end
stayFor(tonumber(ARGV[3]), ARGV[1])
return 0
