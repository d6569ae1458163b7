-- Gives a lease back, if it is still the holder's, and wakes those who wait.
-- flags: allow-oom
-- KEYS 1: lease
-- ARGV 1: token of the lease
-- ARGV 2: channel
-- ARGV 3: hash of the key
-- RETURN 1 | 0
local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%w+') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if string.sub(text, -1) == 'w' then redis.call('PUBLISH', ARGV[2], 'D ' .. ARGV[3] .. ' ' .. ARGV[1]) end
return 1
