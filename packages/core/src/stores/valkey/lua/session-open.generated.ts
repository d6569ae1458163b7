// Generated from session-open.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';

/** Opens a session, or joins it when the id is open for the same owner. */
export const sessionOpenScript: { readonly name: string; readonly source: string } = {
  name: 'session-open',
  source: [`#!lua flags=allow-oom
`, clockLua, `local epoch = readClock(ARGV[2])
local open = redis.call('ZMSCORE', KEYS[2], '\\0o', '\\0u' .. ARGV[4])
if open[1] then
  if not open[2] then return '' end
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
  return open[1]
end
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('ZADD', KEYS[2], ARGV[3], '\\0o', epoch, '\\0c', 0, '\\0u' .. ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return ARGV[3]
`].join(''),
};
