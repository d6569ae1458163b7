-- Ends a session: what it has stored is gone, and no load that finishes late brings it back.
-- flags: allow-oom
-- KEYS 1: session
-- KEYS 2: holders of the session's barriers
-- ARGV 1: opening
-- ARGV 2: what the key of an entry begins with, in the slot of the session
-- ARGV 3: what the key of a lease begins with
-- ARGV 4: channel
-- RETURN 1 | 0 when the session had ended before
if redis.call('ZSCORE', KEYS[1], '\0o') ~= ARGV[1] then return 0 end
local stored = redis.call('ZRANGE', KEYS[1], 0, 0, 'BYSCORE')
for index = 1, #stored do
  if string.sub(stored[index], 1, 2) == '\0k' then
    local hash = string.sub(stored[index], 3)
    redis.call('UNLINK', ARGV[2] .. hash, ARGV[3] .. hash)
  end
end
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('PUBLISH', ARGV[4], 'E ' .. ARGV[1])
return 1
