-- Invalidates everything that depends on one of the tags, or everything there is. Doing it twice does no harm.
-- flags: allow-oom
-- include: clock
-- KEYS 1: clock
-- KEYS 2: session, if the tags are those of its tree
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock
-- ARGV 3: number of tags that are remembered
-- ARGV 4: '1' to invalidate everything
-- ARGV 5: channel
-- ARGV 6…: tags
-- RETURN {epoch, seq}
local epoch, seq = readClock(ARGV[2])
local target, session = CLOCK, KEYS[2]
if session then
  -- A write may outlive the session that it began in: it counts for whoever has opened the id again.
  if not readSession(session, nil, epoch) then return { epoch, seq } end
  target = session
end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s'))
number(target, seq, ARGV, 6)
if ARGV[4] == '1' then redis.call('ZADD', CLOCK, int(seq), '\0f') end
prune(target, seq, tonumber(ARGV[3]))
-- Those who copy hear of every number, so that they notice when they have missed one; the tags of a session they ask for.
local heard = session and '' or table.concat(ARGV, '\31', 6)
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. heard)
return { epoch, seq }
