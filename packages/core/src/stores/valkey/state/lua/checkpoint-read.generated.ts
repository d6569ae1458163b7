// Generated from checkpoint-read.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Returns a checkpoint. */
export const checkpointReadScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-read',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `local place = ARGV[2] ~= '' and ARGV[2] or newest(ARGV[1])
local found = place and wholeCheckpoint(place)
if found then stayFor(tonumber(ARGV[3])) end
return found and { pieces, found }
`].join(''),
};
