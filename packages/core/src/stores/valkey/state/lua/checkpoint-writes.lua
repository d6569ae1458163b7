-- Stores writes beside a place.
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: place
-- ARGV 2…: for each write its task, index, path, channel and value
-- RETURN 1
local key = beside('w' .. ARGV[1])
redis.call('SADD', beside('k'), ARGV[1])
for at = 2, #ARGV, 5 do
  local field = ARGV[at + 1] .. ' ' .. ARGV[at]
  local write = cmsgpack.pack({ ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] })
  redis.call(tonumber(ARGV[at + 1]) < 0 and 'HSET' or 'HSETNX', key, field, write)
end
return 1
