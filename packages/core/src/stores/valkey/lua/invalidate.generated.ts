// Generated from invalidate.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';

/** Invalidates everything that depends on one of the tags, or everything there is. Doing it twice does no harm. */
export const invalidateScript: { readonly name: string; readonly source: string } = {
  name: 'invalidate',
  source: [`#!lua flags=allow-oom
`, clockLua, `local epoch, seq = readClock(ARGV[2])
local target, session = CLOCK, KEYS[2]
if session then
  if not readSession(session, nil, epoch) then return { epoch, seq } end
  target = session
end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\\0s'))
number(target, seq, ARGV, 6)
if ARGV[4] == '1' then redis.call('ZADD', CLOCK, int(seq), '\\0f') end
prune(target, seq, tonumber(ARGV[3]))
local heard = session and '' or table.concat(ARGV, '\\31', 6)
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. heard)
return { epoch, seq }
`].join(''),
};
