// Generated from run-delete.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';

/** Removes a run and its log. */
export const runDeleteScript: { readonly name: string; readonly source: string } = {
  name: 'run-delete',
  source: [`#!lua flags=allow-oom
`, operationLua, `local known = redis.call('GET', KEYS[3])
if known then return known end
local existed = redis.call('EXISTS', KEYS[1])
redis.call('UNLINK', KEYS[1], KEYS[2])
return remember(KEYS[3], int(existed))
`].join(''),
};
