// Generated from documents-keys.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { documentLua } from './document.include.generated.ts';

/** Returns some keys of documents that are there, in order. */
export const documentsKeysScript: { readonly name: string; readonly source: string } = {
  name: 'documents-keys',
  source: [`#!lua flags=allow-oom
`, operationLua, documentLua, `local time = now()
sweep(KEYS[1], KEYS[2], KEYS[3], time)
local limit, from, found = tonumber(ARGV[3]), ARGV[1], {}
while #found < limit do
  local some = redis.call('ZRANGE', KEYS[2], from, ARGV[2], 'BYLEX', 'LIMIT', 0, limit)
  for place = 1, #some do
    local expires = redis.call('ZSCORE', KEYS[3], some[place])
    if #found < limit and not (expires and tonumber(expires) <= time) then found[#found + 1] = some[place] end
  end
  if #some < limit then break end
  from = '(' .. some[#some]
end
return found
`].join(''),
};
