// Generated from checkpoint.include.lua by "pnpm generate": change that file, not this one.

/** Is what scripts include of checkpoint.include.lua. */
export const checkpointLua: string = `local function beside(name)
  return string.sub(KEYS[1], 1, -2) .. name
end
local function idOf(place)
  return string.sub(place, string.find(place, '\\0', 1, true) + 1)
end
local function indexed(place)
  local zero = string.find(place, '\\0', 1, true)
  return string.sub(place, zero + 1) .. '\\0' .. string.sub(place, 1, zero - 1)
end
local function readCheckpoint(place)
  local packed = redis.call('HGET', KEYS[1], place)
  if not packed then return nil end
  local parts = cmsgpack.unpack(packed)
  return { parent = parts[1], record = parts[2], metadata = parts[3], values = parts[4] }
end
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
  return not string.find(field, '\\0', 1, true)
end
local function baseOf(piece)
  return string.sub(piece, 1, string.find(piece, '\\n', 1, true) - 1)
end
local pieces, brought = {}, {}
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
local function newest(namespace)
  return redis.call('ZRANGE', beside('n'), '(' .. namespace .. '\\1', '[' .. namespace .. '\\0', 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
end
local function dropThread()
  for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do redis.call('UNLINK', beside('w' .. place)) end
  redis.call('UNLINK', KEYS[1], beside('b'), beside('p'), beside('n'), beside('i'), beside('k'))
end
`;
