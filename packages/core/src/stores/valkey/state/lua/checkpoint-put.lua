-- Stores a checkpoint with the values that have changed; the others it shares with its parent.
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: place
-- ARGV 2: place of the parent, or nothing
-- ARGV 3: record
-- ARGV 4: metadata
-- ARGV 5: fence or 0
-- ARGV 6: ttl or 0
-- ARGV 7…: for each channel its name, its version, and 'shared' | 'optional' | 'replayed' | 'value' and the value | 'list', the digest of the
-- list that it goes on from, or nothing, the number of pieces, and for each its digest and what is in it
-- RETURN a fence if the thread has seen a higher one, and nothing is stored
-- RETURN names of the channels that the parent does not share, or the list of which is not there; nothing is stored if there are any
local place, parent = ARGV[1], ARGV[2]
local higher = higherFence(tonumber(ARGV[5]))
if higher then return higher end
local shared = {}
local before = parent ~= '' and readCheckpoint(parent)
if before then
  for at = 1, #before.values, 3 do
    shared[before.values[at]] = { version = before.values[at + 1], field = before.values[at + 2] }
  end
end
local values, replayed, written, missing = {}, {}, {}, {}
local function hold(channel, version, field)
  values[#values + 1] = channel
  values[#values + 1] = version
  values[#values + 1] = field
end
local at = 7
while at <= #ARGV do
  local channel, version, kind = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local known = shared[channel]
  at = at + 3
  if kind == 'value' then
    -- Lengths keep the parts apart, whatever is in them.
    local field = version .. '\0' .. #place .. '\0' .. place .. channel
    written[#written + 1] = { 'HSET', 'b', field, ARGV[at] }
    hold(channel, version, field)
    at = at + 1
  elseif kind == 'list' then
    local digest, count = ARGV[at], tonumber(ARGV[at + 1])
    if digest ~= '' and redis.call('HEXISTS', beside('p'), digest) == 0 then missing[#missing + 1] = channel end
    for piece = at + 2, at + 2 * count, 2 do
      written[#written + 1] = { 'HSETNX', 'p', ARGV[piece], digest .. '\n' .. ARGV[piece + 1] }
      digest = ARGV[piece]
    end
    hold(channel, version, digest)
    at = at + 2 + 2 * count
  elseif known and known.version == version then
    hold(channel, version, known.field)
  elseif kind == 'replayed' then
    replayed[#replayed + 1] = channel
  elseif kind == 'shared' then
    missing[#missing + 1] = channel
  end
end
if #missing > 0 then return missing end
for _, each in ipairs(written) do redis.call(each[1], beside(each[2]), each[3], each[4]) end
local parentId = parent ~= '' and '+' .. idOf(parent) or ''
redis.call('HSET', KEYS[1], place, cmsgpack.pack({ parentId, ARGV[3], ARGV[4], values, replayed }))
redis.call('ZADD', beside('n'), 0, place)
redis.call('ZADD', beside('i'), 0, indexed(place))
redis.call('SADD', beside('k'), place)
stayFor(tonumber(ARGV[6]), place)
return {}
