// Generated from lock-release.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';

/** Frees a lock if the token holds it; the token does not get it again. */
export const lockReleaseScript: { readonly name: string; readonly source: string } = {
  name: 'lock-release',
  source: [`#!lua flags=allow-oom
`, operationLua, `local known = redis.call('GET', KEYS[2])
if known then return known end
local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%S+') ~= ARGV[1] then return remember(KEYS[2], '0') end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], KEYS[1])
return remember(KEYS[2], '1')
`].join(''),
};
