// Generated from begin.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';

/** Opens a write barrier, or extends it: until it is finished, or its deadline, nothing that depends on the tags is valid. */
export const beginScript: { readonly name: string; readonly source: string } = {
  name: 'begin',
  source: [`#!lua flags=allow-oom
`, clockLua, `local epoch, seq = readClock(ARGV[2])
local target, session = CLOCK, KEYS[3]
if session then
  if not readSession(session, nil, epoch) then return { epoch, seq, 0 } end
  target = session
end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\\0s'))
local deadline = now() + tonumber(ARGV[4])
for index = 6, #ARGV do
  redis.call('HSET', KEYS[2], ARGV[index] .. '\\31' .. ARGV[3], int(deadline))
  redis.call('ZADD', target, 'GT', int(BARRIER + deadline), ARGV[index])
end
redis.call('PEXPIRE', KEYS[2], math.max(redis.call('PTTL', KEYS[2]), tonumber(ARGV[4]) * 2))
local heard = session and '' or table.concat(ARGV, '\\31', 6)
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(BARRIER + deadline) .. ' ' .. heard)
return { epoch, seq, deadline }
`].join(''),
};
