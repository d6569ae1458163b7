-- Tells whether a thread is there, and how much it holds.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: 1 to count, 0 to tell no more than whether it is there
-- RETURN number of checkpoints, number of bytes | nothing
if redis.call('EXISTS', beside('k')) == 0 then return false end
if ARGV[1] == '0' then return { 0, 0 } end
local bytes = 0
for _, packed in ipairs(redis.call('HVALS', KEYS[1])) do
  local parts = cmsgpack.unpack(packed)
  bytes = bytes + #parts[2] + #parts[3]
end
for _, field in ipairs(redis.call('HKEYS', beside('b'))) do bytes = bytes + redis.call('HSTRLEN', beside('b'), field) end
for _, piece in ipairs(redis.call('HVALS', beside('p'))) do bytes = bytes + #piece - #baseOf(piece) - 1 end
for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do
  for _, write in ipairs(redis.call('HVALS', beside('w' .. place))) do bytes = bytes + #cmsgpack.unpack(write)[5] end
end
return { redis.call('HLEN', KEYS[1]), bytes }
