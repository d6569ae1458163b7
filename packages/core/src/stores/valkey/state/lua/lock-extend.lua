-- Gives a lock a new lease if the token holds it.
-- flags: allow-oom
-- KEYS 1: lock
-- ARGV 1: token
-- ARGV 2: time of the lease in milliseconds
-- RETURN 1 | 0
local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%S+') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
