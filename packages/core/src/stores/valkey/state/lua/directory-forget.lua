-- Takes names off a directory that nobody has put there lately. Whoever writes under a name puts it there first, so one that
-- is about to be used stays.
-- flags: allow-oom
-- include: operation
-- KEYS 1: names in order
-- KEYS 2: when each was put there last
-- ARGV 1: age in milliseconds that a name must have
-- ARGV 2…: names
-- RETURN number of names that are gone
local time, gone = now(), 0
for place = 2, #ARGV do
  local at = tonumber(redis.call('HGET', KEYS[2], ARGV[place]) or 0)
  if time - at > tonumber(ARGV[1]) then
    gone = gone + redis.call('ZREM', KEYS[1], ARGV[place])
    redis.call('HDEL', KEYS[2], ARGV[place])
  end
end
return gone
