// Generated from checkpoint-writes.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Stores writes beside a place. */
export const checkpointWritesScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-writes',
  source: [`#!lua
`, checkpointLua, `local higher = higherFence(tonumber(ARGV[2]))
if higher then return higher end
local key = beside('w' .. ARGV[1])
redis.call('SADD', beside('k'), ARGV[1])
for at = 4, #ARGV, 5 do
  local field = ARGV[at + 1] .. ' ' .. ARGV[at]
  local write = cmsgpack.pack({ ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4] })
  redis.call(tonumber(ARGV[at + 1]) < 0 and 'HSET' or 'HSETNX', key, field, write)
end
stayFor(tonumber(ARGV[3]), ARGV[1])
return 0
`].join(''),
};
