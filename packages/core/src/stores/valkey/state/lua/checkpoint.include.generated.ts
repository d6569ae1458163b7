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
  return { parent = parts[1], record = parts[2], metadata = parts[3], values = parts[4], replayed = parts[5] or {} }
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
local function keysOf(places)
  local keys = { KEYS[1], beside('b'), beside('p'), beside('n'), beside('i'), beside('k') }
  for _, place in ipairs(places) do keys[#keys + 1] = beside('w' .. place) end
  return keys
end
local function dropThread()
  for _, key in ipairs(keysOf(redis.call('SMEMBERS', beside('k')))) do redis.call('UNLINK', key) end
  redis.call('UNLINK', beside('e'))
  redis.call('PEXPIRE', beside('f'), 86400000)
end
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function int(number)
  return string.format('%.0f', number)
end
local expires, goes = string.match(redis.call('GET', beside('e')) or '0 0', '^(%d+) (%d+)$')
expires, goes = tonumber(expires), tonumber(goes)
if expires > 0 and expires <= now() then
  dropThread()
  expires, goes = 0, 0
end
local function stayFor(ttl, place)
  if ttl == 0 and expires == 0 then return end
  if ttl > 0 then expires = now() + ttl end
  local keys = keysOf(place and { place } or {})
  if expires > goes then
    goes = expires + ttl
    keys = keysOf(redis.call('SMEMBERS', beside('k')))
  elseif not place then
    keys = {}
  end
  for _, key in ipairs(keys) do redis.call('PEXPIREAT', key, int(goes)) end
  redis.call('SET', beside('e'), int(expires) .. ' ' .. int(goes), 'PXAT', int(goes))
  redis.call('PEXPIREAT', beside('f'), int(goes + 86400000))
end
local function higherFence(fence)
  if fence == 0 then return nil end
  local seen = tonumber(redis.call('GET', beside('f')) or 0)
  if fence < seen then return seen end
  redis.call('SET', beside('f'), int(fence))
  return nil
end
`;
