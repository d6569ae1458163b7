-- Frees a lock if the token holds it; the token does not get it again.
-- flags: allow-oom
-- include: operation
-- KEYS 1: lock
-- KEYS 2: record of the release
-- ARGV 1: token
-- ARGV 2: channel
-- RETURN '1' | '0'
local known = redis.call('GET', KEYS[2])
if known then return known end
local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%S+') ~= ARGV[1] then return remember(KEYS[2], '0') end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], KEYS[1])
return remember(KEYS[2], '1')
