// Generated from finish.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';

/** Closes a write barrier; counts as an invalidation of its tags, whether the barrier still stood or not. */
export const finishScript: { readonly name: string; readonly source: string } = {
  name: 'finish',
  source: [`#!lua flags=allow-oom
`, clockLua, `local epoch, seq = readClock(ARGV[2])
local target, session = CLOCK, KEYS[3]
if session then
  if not readSession(session, nil, epoch) then return { epoch, seq } end
  target = session
end
seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\\0s'))
for index = 6, #ARGV do redis.call('HDEL', KEYS[2], ARGV[index] .. '\\31' .. ARGV[3]) end
local time, latest = now(), {}
local holders = redis.call('HGETALL', KEYS[2])
for index = 1, #holders, 2 do
  local deadline = tonumber(holders[index + 1])
  if deadline < time then
    redis.call('HDEL', KEYS[2], holders[index])
  else
    local tag = string.match(holders[index], '^(.*)\\31')
    latest[tag] = math.max(latest[tag] or 0, deadline)
  end
end
for index = 6, #ARGV do
  local deadline = latest[ARGV[index]]
  redis.call('ZADD', target, deadline and int(BARRIER + deadline) or int(seq), ARGV[index])
end
prune(target, seq, tonumber(ARGV[4]))
local heard = session and '' or table.concat(ARGV, '\\31', 6)
redis.call('PUBLISH', ARGV[5], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. heard)
return { epoch, seq }
`].join(''),
};
