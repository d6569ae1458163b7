-- Stores a value directly: copies of what was there die, and a load that is running is superseded.
-- include: clock, entry
-- KEYS 1: clock
-- KEYS 2: entry
-- KEYS 3: lease
-- KEYS 4: staged value, if large; else session, in a session only
-- KEYS 5: session, where KEYS 4 is a staged value
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock
-- ARGV 3: tag of the key
-- ARGV 4: tags, joined by \31
-- ARGV 5: time to keep the entry in milliseconds
-- ARGV 6: entry past its stamp, if it is not staged
-- ARGV 7: '1' if the value is staged
-- ARGV 8: opening of the session, or nothing
-- ARGV 9: channel
-- ARGV 10: hash of the key
-- ARGV 11: number of tags that are remembered
-- RETURN {'stored' | 'invalidated' | 'session-ended', epoch, seq}
local staged = ARGV[7] == '1' and KEYS[4] or nil
local session = ARGV[8] ~= '' and KEYS[#KEYS] or nil
local epoch, seq = readClock(ARGV[2])
if session and not readSession(session, ARGV[8], epoch) then
  if staged then redis.call('UNLINK', staged) end
  return { 'session-ended', epoch, seq }
end
local tags = split(ARGV[4])
local before = seq
killer(CLOCK, seq, tags)
if session then killer(session, seq, tags) end
seq = expireBarriers(seq)
if seq == before then seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s')) end
number(CLOCK, seq, { ARGV[3] }, 1)
prune(CLOCK, seq, tonumber(ARGV[11]))
redis.call('PUBLISH', ARGV[9], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. ARGV[3])
local lease = readLease(KEYS[3])
if lease then endLease(KEYS[3], lease, ARGV[9], ARGV[10]) end
if killer(CLOCK, seq, tags) or (session and killer(session, seq, tags)) then
  redis.call('UNLINK', KEYS[2])
  if staged then redis.call('UNLINK', staged) end
  return { 'invalidated', epoch, seq }
end
writeEntry(KEYS[2], staged, epoch, seq, seq, ARGV[6], ARGV[5])
if session then redis.call('ZADD', session, 0, '\0k' .. ARGV[10]) end
return { 'stored', epoch, seq }
