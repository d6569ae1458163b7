// Generated from checkpoint-dump.lua by "pnpm generate": change that file, not this one.

import { checkpointLua } from './checkpoint.include.generated.ts';

/** Returns all that a thread holds. */
export const checkpointDumpScript: { readonly name: string; readonly source: string } = {
  name: 'checkpoint-dump',
  source: [`#!lua flags=allow-oom
`, checkpointLua, `local writes = {}
for _, place in ipairs(redis.call('SMEMBERS', beside('k'))) do
  writes[#writes + 1] = place
  writes[#writes + 1] = redis.call('HGETALL', beside('w' .. place))
end
return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', beside('b')), redis.call('HGETALL', beside('p')), writes }
`].join(''),
};
