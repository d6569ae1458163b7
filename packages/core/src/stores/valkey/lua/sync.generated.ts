// Generated from sync.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';

/** Tells what was invalidated since a number, for those who keep copies. */
export const syncScript: { readonly name: string; readonly source: string } = {
  name: 'sync',
  source: [`#!lua flags=allow-oom
`, clockLua, `local epoch, seq, floor = readClock('')
if not epoch then return {} end
local session = KEYS[2]
local own = session and readSession(session, ARGV[4], epoch) and redis.call('ZRANGE', session, '(' .. ARGV[5], '+inf', 'BYSCORE', 'WITHSCORES')
if epoch ~= ARGV[2] then return { epoch, seq, floor, {}, own or '' } end
return { epoch, seq, floor, redis.call('ZRANGE', CLOCK, '(' .. ARGV[3], '+inf', 'BYSCORE', 'WITHSCORES'), own or '' }
`].join(''),
};
