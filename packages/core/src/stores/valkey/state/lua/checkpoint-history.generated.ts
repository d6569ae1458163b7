// Generated from checkpoint-history.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/**
 * Returns what has become of channels on the way to a checkpoint.
 * each ancestor, the nearest first
 */
export const checkpointHistoryScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-history',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `local target = ARGV[2] ~= '' and ARGV[2] or newest(ARGV[1])
local first = target and readCheckpoint(target)
local found = { pieces }
for at = 3, #ARGV do
  local channel, steps, seen, value = ARGV[at], {}, {}, nil
  local parent = first and first.parent or ''
  while parent ~= '' and not value do
    local place = ARGV[1] .. '\\0' .. string.sub(parent, 2)
    if seen[place] then break end
    seen[place] = true
    steps[#steps + 1] = readWrites(place, channel)
    local ancestor = readCheckpoint(place)
    for part = 1, ancestor and #ancestor.values or 0, 3 do
      if ancestor.values[part] == channel then value = { readValue(ancestor.values[part + 2]) } end
    end
    parent = ancestor and ancestor.parent or ''
  end
  found[#found + 1] = { value or {}, steps }
end
return found
`].join(''),
};
