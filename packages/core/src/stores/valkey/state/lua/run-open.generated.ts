// Generated from run-open.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { logLua } from './log.include.generated.ts';
import { runLua } from './run.include.generated.ts';

/** Opens a run for the holder of a fence, and creates it if need be. */
export const runOpenScript: { readonly name: string; readonly source: string } = {
  name: 'run-open',
  source: [`#!lua
`, operationLua, logLua, runLua, `local function opened()
  local fields = redis.call('HGETALL', KEYS[1])
  table.insert(fields, 1, #fields > 0 and 'opened' or 'gone')
  return fields
end
local known = redis.call('GET', KEYS[3])
if known then
  local stale = string.match(known, '^stale (%d+)$')
  return stale and { 'stale', stale } or opened()
end
local time = now()
local facts = redis.call('HMGET', KEYS[1], 's', 'f')
local status, fence = facts[1], tonumber(facts[2] or 0)
if tonumber(ARGV[1]) < fence then
  remember(KEYS[3], 'stale ' .. int(fence))
  return { 'stale', int(fence) }
end
if not status then
  redis.call('HSET', KEYS[1], 'i', ARGV[2], 's', 'running', 'a', int(time), 'n', 0, 'v', 0, 'k', 0)
end
redis.call('HSET', KEYS[1], 'f', ARGV[1])
if status ~= 'completed' then
  redis.call('HINCRBY', KEYS[1], 'n', 1)
  local events, created = {}, tonumber(ARGV[6])
  for place = 7, #ARGV do
    if (place - 6 <= created) == not status then events[#events + 1] = ARGV[place] end
  end
  logEvents(KEYS[2], events, 1, ARGV[4], time)
  touchRun(KEYS[1], KEYS[2], time, ARGV[3])
  redis.call('PUBLISH', ARGV[5], KEYS[2])
end
remember(KEYS[3], 'opened')
return opened()
`].join(''),
};
