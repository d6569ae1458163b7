// Generated from log-read.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { logLua } from './log.include.generated.ts';

/** Returns entries of a log, and how far it reaches. */
export const logReadScript: { readonly name: string; readonly source: string } = {
  name: 'log-read',
  source: [`#!lua flags=allow-oom
`, operationLua, logLua, `local last = lastOf(KEYS[1])
local first = last - redis.call('XLEN', KEYS[1]) + 1
local from, to = '(' .. ARGV[1] .. '-0', ARGV[2] == '' and '+' or '(' .. ARGV[2] .. '-0'
local entries = {}
if tonumber(ARGV[3]) > 0 and ARGV[2] ~= '0' then
  if ARGV[4] == '1' then entries = redis.call('XREVRANGE', KEYS[1], to, from, 'COUNT', ARGV[3])
  else entries = redis.call('XRANGE', KEYS[1], from, to, 'COUNT', ARGV[3]) end
end
return { first, last, entries }
`].join(''),
};
