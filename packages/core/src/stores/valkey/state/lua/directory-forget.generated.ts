// Generated from directory-forget.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';

/**
 * Takes names off a directory that nobody has put there lately. Whoever writes under a name puts it there first, so one that
 * is about to be used stays.
 */
export const directoryForgetScript: { readonly name: string; readonly source: string } = {
  name: 'directory-forget',
  source: [`#!lua flags=allow-oom
`, operationLua, `local time, gone = now(), 0
for place = 2, #ARGV do
  local at = tonumber(redis.call('HGET', KEYS[2], ARGV[place]) or 0)
  if time - at > tonumber(ARGV[1]) then
    gone = gone + redis.call('ZREM', KEYS[1], ARGV[place])
    redis.call('HDEL', KEYS[2], ARGV[place])
  end
end
return gone
`].join(''),
};
