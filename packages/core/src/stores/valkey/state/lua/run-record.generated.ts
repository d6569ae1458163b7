// Generated from run-record.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { logLua } from './log.include.generated.ts';
import { runLua } from './run.include.generated.ts';

/** Records what has happened in a run: a step, a status, events. */
export const runRecordScript: { readonly name: string; readonly source: string } = {
  name: 'run-record',
  source: [`#!lua
`, operationLua, logLua, runLua, `local known = redis.call('GET', KEYS[3])
if known then return known end
local time = now()
local facts = redis.call('HMGET', KEYS[1], 'i', 'f', 'k')
if facts[1] ~= ARGV[2] then return remember(KEYS[3], 'gone') end
if tonumber(ARGV[1]) < tonumber(facts[2]) then return remember(KEYS[3], 'stale ' .. facts[2]) end
if ARGV[6] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[6]) == 0 then
  redis.call('HSET', KEYS[1], ARGV[6], facts[3] .. '\\n' .. ARGV[7], 'c', string.sub(ARGV[6], 2))
  redis.call('HINCRBY', KEYS[1], 'k', 1)
end
if ARGV[8] ~= '' then
  redis.call('HSET', KEYS[1], 's', ARGV[8])
  if ARGV[9] == '' then redis.call('HDEL', KEYS[1], 'o') else redis.call('HSET', KEYS[1], 'o', string.sub(ARGV[9], 2)) end
end
logEvents(KEYS[2], ARGV, 10, ARGV[4], time)
touchRun(KEYS[1], KEYS[2], time, ARGV[3])
redis.call('PUBLISH', ARGV[5], KEYS[2])
return remember(KEYS[3], 'recorded ' .. redis.call('HGET', KEYS[1], 'v'))
`].join(''),
};
