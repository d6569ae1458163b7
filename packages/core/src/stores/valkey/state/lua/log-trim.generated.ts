// Generated from log-trim.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { logLua } from './log.include.generated.ts';

/** Removes entries from the front of a log, or the whole log. */
export const logTrimScript: { readonly name: string; readonly source: string } = {
  name: 'log-trim',
  source: [`#!lua flags=allow-oom
`, operationLua, logLua, `local known = redis.call('GET', KEYS[2])
if known then return known end
if ARGV[1] == 'delete' then return remember(KEYS[2], int(redis.call('UNLINK', KEYS[1]))) end
return remember(KEYS[2], int(cutLog(KEYS[1], ARGV[2], ARGV[3], now())))
`].join(''),
};
