// Generated from checkpoint-list.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Returns some checkpoints, newest first. */
export const checkpointListScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-list',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `local limit = tonumber(ARGV[4])
local names = redis.call('ZRANGE', beside(ARGV[1]), ARGV[2], ARGV[3], 'BYLEX', 'REV', 'LIMIT', 0, limit + 1)
local found = { pieces, #names > limit and 1 or 0 }
for at = 1, math.min(#names, limit) do
  local place = names[at]
  if ARGV[1] == 'i' then
    local id, namespace = string.match(place, '^(.*)%z(%Z*)$')
    place = namespace .. '\\0' .. id
  end
  found[#found + 1] = wholeCheckpoint(place)
end
return found
`].join(''),
};
