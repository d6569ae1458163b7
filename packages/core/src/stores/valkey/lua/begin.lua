-- Opens a write barrier, or extends it: until it is finished, or its deadline, nothing that depends on the tags is valid.
-- flags: allow-oom
-- include: clock
-- KEYS 1: clock
-- KEYS 2: holders of barriers
-- KEYS 3: session, if the tags are those of its tree
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock
-- ARGV 3: id of the barrier
-- ARGV 4: time until the deadline in milliseconds
-- ARGV 5: channel
-- ARGV 6…: tags
-- RETURN {epoch, seq, deadline}
local epoch, seq = readClock(ARGV[2])
local target, session = CLOCK, KEYS[3]
if session then
  if not readSession(session, nil, epoch) then return { epoch, seq, 0 } end
  target = session
end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s'))
local deadline = now() + tonumber(ARGV[4])
for index = 6, #ARGV do
  redis.call('HSET', KEYS[2], ARGV[index] .. '\31' .. ARGV[3], int(deadline))
  redis.call('ZADD', target, 'GT', int(BARRIER + deadline), ARGV[index])
end
redis.call('PEXPIRE', KEYS[2], math.max(redis.call('PTTL', KEYS[2]), tonumber(ARGV[4]) * 2))
local heard = session and '' or table.concat(ARGV, '\31', 6)
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(BARRIER + deadline) .. ' ' .. heard)
return { epoch, seq, deadline }
