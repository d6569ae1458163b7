// Generated from checkpoint-load.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Fills a thread with what another one has held, in place of what is there. */
export const checkpointLoadScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-load',
  source: [`#!lua
`, checkpointLua, `local higher = higherFence(tonumber(ARGV[1]))
if higher then return higher end
dropThread()
expires, goes = 0, 0
local place
for at = 3, #ARGV, 3 do
  local kind, name, content = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if kind == 'c' then
    redis.call('HSET', KEYS[1], name, content)
    redis.call('ZADD', beside('n'), 0, name)
    redis.call('ZADD', beside('i'), 0, indexed(name))
  elseif kind == 'b' or kind == 'p' then
    redis.call('HSET', beside(kind), name, content)
  elseif kind == 'k' then
    place = name
    redis.call('SADD', beside('k'), place)
  else
    redis.call('HSET', beside('w' .. place), name, content)
  end
end
if #ARGV > 2 then
  redis.call('PERSIST', beside('f'))
  stayFor(tonumber(ARGV[2]))
end
return 0
`].join(''),
};
