-- Makes a lease last longer, if it is still the holder's.
-- flags: allow-oom
-- KEYS 1: lease
-- ARGV 1: token of the lease
-- ARGV 2: time from now in milliseconds
-- RETURN 1 | 0
local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%w+') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
