-- Deletes one entry: copies of it die, and a load that is running is superseded.
-- flags: allow-oom
-- include: clock, entry
-- KEYS 1: clock
-- KEYS 2: entry
-- KEYS 3: lease
-- KEYS 4: session, in a session only
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock
-- ARGV 3: tag of the key
-- ARGV 4: opening of the session, or nothing
-- ARGV 5: channel
-- ARGV 6: hash of the key
-- ARGV 7: number of tags that are remembered
-- RETURN {'1' if a fresh and valid entry was there, else '0', epoch, seq}
local epoch, seq, floor = readClock(ARGV[2])
local session = KEYS[4]
local entry = readEntry(KEYS[2])
local present = entry and entry.epoch == epoch and entry.opening == ARGV[4] and entry.stamp >= floor
  and redis.call('PTTL', KEYS[2]) > entry.retain and not killer(CLOCK, entry.stamp, entry.tags)
if session then
  local sessionFloor = readSession(session, ARGV[4], epoch)
  if not sessionFloor then return { '0', epoch, seq } end
  present = present and entry.stamp >= sessionFloor and not killer(session, entry.stamp, entry.tags)
  redis.call('ZREM', session, '\0k' .. ARGV[6])
end
redis.call('UNLINK', KEYS[2])
local lease = readLease(KEYS[3])
if lease then endLease(KEYS[3], lease, ARGV[5], ARGV[6]) end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s'))
number(CLOCK, seq, { ARGV[3] }, 1)
prune(CLOCK, seq, tonumber(ARGV[7]))
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. ARGV[3])
return { present and '1' or '0', epoch, seq }
