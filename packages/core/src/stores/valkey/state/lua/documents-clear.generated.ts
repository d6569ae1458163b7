// Generated from documents-clear.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { documentLua } from './document.include.generated.ts';

/** Deletes every document of a space; the fences and the version counter stay. */
export const documentsClearScript: { readonly name: string; readonly source: string } = {
  name: 'documents-clear',
  source: [`#!lua flags=allow-oom
`, operationLua, documentLua, `local known = redis.call('GET', KEYS[5])
if known then return known end
local time = now()
local over = redis.call('ZCOUNT', KEYS[3], '-inf', int(time))
local count = redis.call('ZCARD', KEYS[2]) - over
local fences = redis.call('HGETALL', KEYS[4])
for place = 1, #fences, 2 do
  redis.call('HSET', KEYS[4], fences[place], string.match(fences[place + 1], '^%d+') .. ' ' .. int(time))
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return remember(KEYS[5], int(count))
`].join(''),
};
