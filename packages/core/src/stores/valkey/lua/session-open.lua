-- Opens a session, or joins it when the id is open for the same owner.
-- flags: allow-oom
-- include: clock
-- KEYS 1: clock
-- KEYS 2: session
-- KEYS 3: holders of the session's barriers
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock
-- ARGV 3: opening, if it is to be opened
-- ARGV 4: owner
-- ARGV 5: idle time in milliseconds
-- RETURN opening | '' when the id is open for another owner
local epoch = readClock(ARGV[2])
local open = redis.call('ZMSCORE', KEYS[2], '\0o', '\0u' .. ARGV[4])
if open[1] then
  if not open[2] then return '' end
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
  return open[1]
end
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('ZADD', KEYS[2], ARGV[3], '\0o', epoch, '\0c', 0, '\0u' .. ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return ARGV[3]
