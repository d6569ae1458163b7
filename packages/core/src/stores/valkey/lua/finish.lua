-- Closes a write barrier; counts as an invalidation of its tags, whether the barrier still stood or not.
-- flags: allow-oom
-- include: clock
-- KEYS 1: clock
-- KEYS 2: holders of barriers
-- KEYS 3: session, if the tags are those of its tree
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock
-- ARGV 3: id of the barrier
-- ARGV 4: number of tags that are remembered
-- ARGV 5: channel
-- ARGV 6…: tags
-- RETURN {epoch, seq}
local epoch, seq = readClock(ARGV[2])
local target, session = CLOCK, KEYS[3]
if session then
  if not readSession(session, nil, epoch) then return { epoch, seq } end
  target = session
end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s'))
for index = 6, #ARGV do redis.call('HDEL', KEYS[2], ARGV[index] .. '\31' .. ARGV[3]) end

-- Another writer may still be at work behind the same tag: then its deadline stands.
local time, latest = now(), {}
local holders = redis.call('HGETALL', KEYS[2])
for index = 1, #holders, 2 do
  local deadline = tonumber(holders[index + 1])
  if deadline < time then
    redis.call('HDEL', KEYS[2], holders[index])
  else
    local tag = string.match(holders[index], '^(.*)\31')
    latest[tag] = math.max(latest[tag] or 0, deadline)
  end
end
for index = 6, #ARGV do
  local deadline = latest[ARGV[index]]
  redis.call('ZADD', target, deadline and int(BARRIER + deadline) or int(seq), ARGV[index])
end
prune(target, seq, tonumber(ARGV[4]))
local heard = session and '' or table.concat(ARGV, '\31', 6)
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. heard)
return { epoch, seq }
