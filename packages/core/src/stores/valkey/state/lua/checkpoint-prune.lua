-- Deletes checkpoints that are not among the newest of their namespace, and the values and pieces that nobody refers to any more.
-- Those from which others that stay are replayed stay, too.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: number of checkpoints that stay
-- ARGV 2: what the ids of those that go are less than, if they are UUIDs of version 6, or nothing
-- RETURN number of checkpoints that went
local keep, first, counts, gone, stays, used = tonumber(ARGV[1]), ARGV[2], {}, 0, {}, {}
local places = redis.call('ZRANGE', beside('n'), 0, -1)

local function isOld(id)
  if first == '' then return true end
  local hex = '%x%x%x%x'
  return id < first and string.match(id, '^' .. hex .. hex .. '%-' .. hex .. '%-6%x%x%x%-' .. hex .. '%-' .. hex .. hex .. hex .. '$')
end

-- Keeps the ancestors from which channels are replayed, up to those that hold the last of them.
local function keepNeeded(namespace, found)
  local open, seen = {}, {}
  for _, channel in ipairs(found.replayed) do open[channel] = true end
  while found and found.parent ~= '' and next(open) do
    local place = namespace .. '\0' .. string.sub(found.parent, 2)
    if seen[place] then return end
    seen[place], stays[place] = true, true
    found = readCheckpoint(place)
    for part = 1, found and #found.values or 0, 3 do open[found.values[part]] = nil end
  end
end

for at = #places, 1, -1 do
  local namespace = string.match(places[at], '^%Z*')
  counts[namespace] = (counts[namespace] or 0) + 1
  if counts[namespace] <= keep or not isOld(idOf(places[at])) then
    stays[places[at]] = true
    keepNeeded(namespace, readCheckpoint(places[at]))
  end
end
for _, place in ipairs(places) do
  if not stays[place] then
    redis.call('UNLINK', beside('w' .. place))
    redis.call('HDEL', KEYS[1], place)
    redis.call('ZREM', beside('n'), place)
    redis.call('ZREM', beside('i'), indexed(place))
    redis.call('SREM', beside('k'), place)
    gone = gone + 1
  else
    local values = readCheckpoint(place).values
    for part = 3, #values, 3 do
      local field = values[part]
      local isPiece = isList(field)
      -- All that comes before a piece that is used is used, too.
      while field ~= '' and not used[field] do
        used[field] = true
        field = isPiece and baseOf(redis.call('HGET', beside('p'), field)) or ''
      end
    end
  end
end
if gone > 0 then
  for _, key in ipairs({ beside('b'), beside('p') }) do
    for _, field in ipairs(redis.call('HKEYS', key)) do
      if not used[field] then redis.call('HDEL', key, field) end
    end
  end
end
return gone
