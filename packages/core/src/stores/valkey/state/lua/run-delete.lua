-- Removes a run and its log.
-- flags: allow-oom
-- include: operation
-- KEYS 1: run
-- KEYS 2: log of the run
-- KEYS 3: record of the operation
-- RETURN '1' if it was there, else '0'
local known = redis.call('GET', KEYS[3])
if known then return known end
local existed = redis.call('EXISTS', KEYS[1])
redis.call('UNLINK', KEYS[1], KEYS[2])
return remember(KEYS[3], int(existed))
