-- Returns entries of a log, and how far it reaches.
-- flags: allow-oom
-- include: operation, log
-- KEYS 1: log
-- ARGV 1: id after which they lie
-- ARGV 2: id before which they lie, or nothing
-- ARGV 3: number of entries at most
-- ARGV 4: '1' for the last entries of the range, newest first
-- RETURN {first id, last id, [[id, fields], …]}
local last = lastOf(KEYS[1])
local first = last - redis.call('XLEN', KEYS[1]) + 1
local from, to = '(' .. ARGV[1] .. '-0', ARGV[2] == '' and '+' or '(' .. ARGV[2] .. '-0'
local entries = {}
if tonumber(ARGV[3]) > 0 and ARGV[2] ~= '0' then
  if ARGV[4] == '1' then entries = redis.call('XREVRANGE', KEYS[1], to, from, 'COUNT', ARGV[3])
  else entries = redis.call('XRANGE', KEYS[1], from, to, 'COUNT', ARGV[3]) end
end
return { first, last, entries }
