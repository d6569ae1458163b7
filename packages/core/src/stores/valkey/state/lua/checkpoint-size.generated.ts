// Generated from checkpoint-size.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Tells whether a thread is there, and how much it holds. */
export const checkpointSizeScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-size',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `if redis.call('EXISTS', beside('k')) == 0 then return false end
if ARGV[1] == '0' then return { 0, 0 } end
local bytes = 0
for _, packed in ipairs(redis.call('HVALS', KEYS[1])) do
  local parts = cmsgpack.unpack(packed)
  bytes = bytes + #parts[2] + #parts[3]
end
for _, field in ipairs(redis.call('HKEYS', beside('b'))) do bytes = bytes + redis.call('HSTRLEN', beside('b'), field) end
for _, piece in ipairs(redis.call('HVALS', beside('p'))) do bytes = bytes + #piece - #baseOf(piece) - 1 end
for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do
  for _, write in ipairs(redis.call('HVALS', beside('w' .. place))) do bytes = bytes + #cmsgpack.unpack(write)[5] end
end
return { redis.call('HLEN', KEYS[1]), bytes }
`].join(''),
};
