// Generated from directory-add.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';

/** Puts a name on a directory, and takes note of when. */
export const directoryAddScript: { readonly name: string; readonly source: string } = {
  name: 'directory-add',
  source: [`#!lua
`, operationLua, `redis.call('ZADD', KEYS[1], 0, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], int(now()))
return 1
`].join(''),
};
