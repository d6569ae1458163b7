// Generated from log-append.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { logLua } from './log.include.generated.ts';

/** Appends entries to a log, all of them or none. */
export const logAppendScript: { readonly name: string; readonly source: string } = {
  name: 'log-append',
  source: [`#!lua
`, operationLua, logLua, `local known = redis.call('GET', KEYS[2])
if known then return known end
local time = now()
local first, last = appendLog(KEYS[1], ARGV, 5, time)
cutLog(KEYS[1], ARGV[1], ARGV[2], time)
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
redis.call('PUBLISH', ARGV[4], KEYS[1])
return remember(KEYS[2], int(first) .. ' ' .. int(last))
`].join(''),
};
