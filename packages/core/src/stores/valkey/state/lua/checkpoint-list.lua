-- Returns some checkpoints, newest first.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: 'n' for those of one namespace, 'i' for those of all
-- ARGV 2: where the range begins, as ZRANGE says it
-- ARGV 3: where it ends
-- ARGV 4: number of checkpoints at most
-- RETURN the pieces of their lists, 1 if there are more, then for each its place, parent, record, metadata, values, writes
local limit = tonumber(ARGV[4])
local names = redis.call('ZRANGE', beside(ARGV[1]), ARGV[2], ARGV[3], 'BYLEX', 'REV', 'LIMIT', 0, limit + 1)
local found = { pieces, #names > limit and 1 or 0 }
for at = 1, math.min(#names, limit) do
  local place = names[at]
  if ARGV[1] == 'i' then
    -- The namespace comes last, and has no zero byte in it.
    local id, namespace = string.match(place, '^(.*)%z(%Z*)$')
    place = namespace .. '\0' .. id
  end
  found[#found + 1] = wholeCheckpoint(place)
end
return found
