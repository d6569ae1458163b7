-- A thread of checkpoints is some keys beside one another, in one slot, all named after the first:
-- c hash of checkpoints: place -> parent, record, metadata, and the fields of its values; b hash of values; p hash of the pieces
-- of lists: digest -> digest of the list before it, or nothing, a line break, and the piece; n sorted set of places; i sorted
-- set of ids, each with its namespace; k set of places that hold anything; w and a place: hash of its writes.
-- A place is the namespace, escaped, a zero byte and the id. The field of a value has a zero byte in it; where a checkpoint
-- names a field without one, that is the digest of a list.

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

local function isList(field)
  return not string.find(field, '\0', 1, true)
end

-- Returns the digest of the list before a piece; '' for the empty one.
local function baseOf(piece)
  return string.sub(piece, 1, string.find(piece, '\n', 1, true) - 1)
end

-- Holds the pieces that a reply brings along, digests and pieces in turn, each once, and the digests that are in it.
local pieces, brought = {}, {}

-- Returns what a field stands for: a value, or the digest of a list, the pieces of which come along. The number tells which.
local function readValue(field)
  if not isList(field) then return 0, redis.call('HGET', beside('b'), field) end
  local digest = field
  while digest ~= '' and not brought[digest] do
    local piece = redis.call('HGET', beside('p'), digest)
    brought[digest] = true
    pieces[#pieces + 1] = digest
    pieces[#pieces + 1] = piece
    digest = baseOf(piece)
  end
  return 1, field
end

-- Returns all that belongs to a checkpoint: place, parent, record, metadata, values, writes. A value is its channel, 0 and the
-- value, or 1 and the digest of a list.
local function wholeCheckpoint(place)
  local found = readCheckpoint(place)
  if not found then return false end
  local values = {}
  for at = 1, #found.values, 3 do
    local kind, value = readValue(found.values[at + 2])
    values[#values + 1] = found.values[at]
    values[#values + 1] = kind
    values[#values + 1] = value
  end
  return { place, found.parent, found.record, found.metadata, values, readWrites(place) }
end

-- Returns the place of the newest checkpoint in a namespace.
local function newest(namespace)
  return redis.call('ZRANGE', beside('n'), '(' .. namespace .. '\1', '[' .. namespace .. '\0', 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
end

local function dropThread()
  for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do redis.call('UNLINK', beside('w' .. place)) end
  redis.call('UNLINK', KEYS[1], beside('b'), beside('p'), beside('n'), beside('i'), beside('k'))
end
