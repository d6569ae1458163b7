// Generated from checkpoint-prune.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Deletes all but the newest checkpoints of each namespace, and the values and pieces that nobody refers to any more. */
export const checkpointPruneScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-prune',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `local keep, kept, gone, used = tonumber(ARGV[1]), {}, 0, {}
local places = redis.call('ZRANGE', beside('n'), 0, -1)
for at = #places, 1, -1 do
  local place = places[at]
  local namespace = string.match(place, '^%Z*')
  kept[namespace] = (kept[namespace] or 0) + 1
  if kept[namespace] > keep then
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
`].join(''),
};
