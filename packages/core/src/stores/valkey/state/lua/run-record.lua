-- Records what has happened in a run: a step, a status, events.
-- include: operation, log, run
-- KEYS 1: run
-- KEYS 2: log of the run
-- KEYS 3: record of the operation
-- ARGV 1: fence
-- ARGV 2: incarnation
-- ARGV 3: ttl in milliseconds
-- ARGV 4: number of events that the log keeps
-- ARGV 5: channel
-- ARGV 6: 's' and the id of a step, or nothing
-- ARGV 7: what the step has returned
-- ARGV 8: status, or nothing
-- ARGV 9: '+' and the outcome that goes with the status, or nothing
-- ARGV 10…: type and text of each event
-- RETURN 'gone' | 'stale' and the fence | 'recorded' and the version, joined by a space
local known = redis.call('GET', KEYS[3])
if known then return known end
local time = now()
local facts = redis.call('HMGET', KEYS[1], 'i', 'f', 'k')
if facts[1] ~= ARGV[2] then return remember(KEYS[3], 'gone') end
if tonumber(ARGV[1]) < tonumber(facts[2]) then return remember(KEYS[3], 'stale ' .. facts[2]) end
if ARGV[6] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[6]) == 0 then
  redis.call('HSET', KEYS[1], ARGV[6], facts[3] .. '\n' .. ARGV[7], 'c', string.sub(ARGV[6], 2))
  redis.call('HINCRBY', KEYS[1], 'k', 1)
end
if ARGV[8] ~= '' then
  redis.call('HSET', KEYS[1], 's', ARGV[8])
  if ARGV[9] == '' then redis.call('HDEL', KEYS[1], 'o') else redis.call('HSET', KEYS[1], 'o', string.sub(ARGV[9], 2)) end
end
logEvents(KEYS[2], ARGV, 10, ARGV[4], time)
touchRun(KEYS[1], KEYS[2], time, ARGV[3])
redis.call('PUBLISH', ARGV[5], KEYS[2])
return remember(KEYS[3], 'recorded ' .. redis.call('HGET', KEYS[1], 'v'))
