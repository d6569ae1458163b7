-- Returns all that a thread holds.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- RETURN fields and contents of the checkpoints, those of the values and of the pieces, and places with fields and contents of their writes
local writes = {}
for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do
  writes[#writes + 1] = place
  writes[#writes + 1] = redis.call('HGETALL', beside('w' .. place))
end
return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', beside('b')), redis.call('HGETALL', beside('p')), writes }
