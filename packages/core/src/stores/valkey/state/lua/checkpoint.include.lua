-- A thread of checkpoints is some keys beside one another, in one slot, all named after the first:
-- c hash of checkpoints: place -> parent, record, metadata, and the fields of its values; b hash of values; n sorted set of
-- places; i sorted set of ids, each with its namespace; k set of places that hold anything; w and a place: hash of its writes.
-- A place is the namespace, escaped, a zero byte and the id.

local function beside(name)
  return string.sub(KEYS[1], 1, -2) .. name
end

local function idOf(place)
  return string.sub(place, string.find(place, '\0', 1, true) + 1)
end

-- Returns the name under which an id stands in order of time.
local function indexed(place)
  local zero = string.find(place, '\0', 1, true)
  return string.sub(place, zero + 1) .. '\0' .. string.sub(place, 1, zero - 1)
end

local function readCheckpoint(place)
  local packed = redis.call('HGET', KEYS[1], place)
  if not packed then return nil end
  local parts = cmsgpack.unpack(packed)
  return { parent = parts[1], record = parts[2], metadata = parts[3], values = parts[4] }
end

-- Returns the writes beside a place, five texts each, in no order; of one channel, if it is named.
local function readWrites(place, channel)
  local found, all = {}, redis.call('HGETALL', beside('w' .. place))
  for at = 1, #all, 2 do
    local write = cmsgpack.unpack(all[at + 1])
    if not channel or write[4] == channel then
      for part = 1, 5 do found[#found + 1] = write[part] end
    end
  end
  return found
end

-- Returns all that belongs to a checkpoint: place, parent, record, metadata, values, writes.
local function wholeCheckpoint(place)
  local found = readCheckpoint(place)
  if not found then return false end
  local values = {}
  for at = 1, #found.values, 3 do
    values[#values + 1] = found.values[at]
    values[#values + 1] = redis.call('HGET', beside('b'), found.values[at + 2])
  end
  return { place, found.parent, found.record, found.metadata, values, readWrites(place) }
end

-- Returns the place of the newest checkpoint in a namespace.
local function newest(namespace)
  return redis.call('ZRANGE', beside('n'), '(' .. namespace .. '\1', '[' .. namespace .. '\0', 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
end

local function dropThread()
  for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do redis.call('UNLINK', beside('w' .. place)) end
  redis.call('UNLINK', KEYS[1], beside('b'), beside('n'), beside('i'), beside('k'))
end
