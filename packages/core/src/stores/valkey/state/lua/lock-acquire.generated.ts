// Generated from lock-acquire.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';

/** Takes a lock that is free, or held by the same owner; renews it for the same token. */
export const lockAcquireScript: { readonly name: string; readonly source: string } = {
  name: 'lock-acquire',
  source: [`#!lua
`, operationLua, `if redis.call('EXISTS', KEYS[3]) == 1 then return { 'released' } end
local text = redis.call('GET', KEYS[1])
if text then
  local token, fence, owner = string.match(text, '^(%S+) (%d+) (.*)$')
  if token == ARGV[1] then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return { 'acquired', fence }
  end
  if owner ~= ARGV[2] then return { 'held', owner, redis.call('PTTL', KEYS[1]) } end
end
local time = redis.call('TIME')
local fence = int(math.max(tonumber(redis.call('GET', KEYS[2]) or 0) + 1, time[1] * 1000000 + time[2]))
redis.call('SET', KEYS[2], fence)
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. fence .. ' ' .. ARGV[2], 'PX', ARGV[3])
return { 'acquired', fence }
`].join(''),
};
