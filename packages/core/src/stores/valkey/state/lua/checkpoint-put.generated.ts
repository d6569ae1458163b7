// Generated from checkpoint-put.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Stores a checkpoint with the values that have changed; the others it shares with its parent. */
export const checkpointPutScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-put',
  source: [`#!lua
`, checkpointLua, `local place, parent = ARGV[1], ARGV[2]
local shared = {}
local before = parent ~= '' and readCheckpoint(parent)
if before then
  for at = 1, #before.values, 3 do
    shared[before.values[at]] = { version = before.values[at + 1], field = before.values[at + 2] }
  end
end
local values, written, missing = {}, {}, {}
local function hold(channel, version, field)
  values[#values + 1] = channel
  values[#values + 1] = version
  values[#values + 1] = field
end
for at = 5, #ARGV, 4 do
  local channel, version, kind = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local known = shared[channel]
  if kind == 'value' then
    local field = version .. '\\0' .. #place .. '\\0' .. place .. channel
    written[#written + 1] = { field, ARGV[at + 3] }
    hold(channel, version, field)
  elseif known and known.version == version then
    hold(channel, version, known.field)
  elseif kind == 'shared' then
    missing[#missing + 1] = channel
  end
end
if #missing > 0 then return missing end
for at = 1, #written do redis.call('HSET', beside('b'), written[at][1], written[at][2]) end
local parentId = parent ~= '' and '+' .. idOf(parent) or ''
redis.call('HSET', KEYS[1], place, cmsgpack.pack({ parentId, ARGV[3], ARGV[4], values }))
redis.call('ZADD', beside('n'), 0, place)
redis.call('ZADD', beside('i'), 0, indexed(place))
redis.call('SADD', beside('k'), place)
return {}
`].join(''),
};
