// Generated from checkpoint-delete.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Deletes a thread. */
export const checkpointDeleteScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-delete',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `local higher = higherFence(tonumber(ARGV[1]))
if higher then return higher end
dropThread()
return 0
`].join(''),
};
