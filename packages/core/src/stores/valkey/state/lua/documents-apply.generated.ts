// Generated from documents-apply.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { documentLua } from './document.include.generated.ts';

/**
 * Carries out changes of different documents, all of them or none.
 *          set: form and count joined by a space, '-' or '+' with the metadata, content; 'keep' as kind keeps both
 *          append: number of items, bytes at most, items; increment: number
 */
export const documentsApplyScript: { readonly name: string; readonly source: string } = {
  name: 'documents-apply',
  source: [`#!lua
`, operationLua, documentLua, `local known = redis.call('GET', KEYS[6])
if known then return known end
local documents, index, expiries, fences = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local time = now()
sweep(documents, index, expiries, time)
local FIELDS = 8
local version = tonumber(redis.call('GET', KEYS[5]) or 0)
local planned, answers = {}, { 'applied' }
for place = 0, #ARGV / FIELDS - 1 do
  local first = place * FIELDS
  local kind, key, expected, fence = ARGV[first + 1], ARGV[first + 2], ARGV[first + 3], tonumber(ARGV[first + 4])
  local ttl, a, b, c = tonumber(ARGV[first + 5]), ARGV[first + 6], ARGV[first + 7], ARGV[first + 8]
  local found = readDocument(documents, key, time)
  local seen = tonumber(string.match(redis.call('HGET', fences, key) or '0', '^%d+'))
  local function refuse(reason)
    return remember(KEYS[6], table.concat({ 'refused', int(place), reason, int(found and found.version or 0), int(seen) }, '\\n'))
  end
  if fence > 0 and fence < seen then return refuse('fence') end
  if expected ~= '' and tonumber(expected) ~= (found and found.version or 0) then return refuse('version') end
  local next, amount = nil, '0'
  local expires = ttl > 0 and time + ttl or 0
  local function written(form, content, count, metadata, stays)
    return {
      form = form, content = content, count = count, metadata = metadata, version = version + 1,
      created = found and found.created or int(time), updated = int(time),
      expires = stays and found and found.expires or expires,
    }
  end
  if kind == 'set' or kind == 'keep' then
    local form, count = string.match(a, '^(%a+) (%d+)$')
    local keeps = kind == 'keep' and found
    next = written(form, c, tonumber(count), keeps and found.metadata or b, keeps)
  elseif kind == 'touch' then
    if found then
      next = {
        form = found.form, content = string.sub(found.text, found.start), count = found.count, metadata = found.metadata,
        version = found.version, created = found.created, updated = found.updated, expires = expires,
      }
    end
  elseif kind == 'increment' then
    if found and found.form ~= 'number' then return refuse('not-a-number') end
    local number = (found and tonumber(string.sub(found.text, found.start)) or 0) + tonumber(a)
    if not (math.abs(number) <= 9007199254740991) then return refuse('overflow') end
    amount = string.format('%.17g', number)
    next = written('number', amount, 0, found and found.metadata or '-', true)
  elseif kind == 'append' then
    if found and found.form ~= 'list' then return refuse('not-a-list') end
    local content = (found and string.sub(found.text, found.start) or '') .. c
    if #content > tonumber(b) then return refuse('too-large') end
    local count = (found and found.count or 0) + tonumber(a)
    amount = int(count)
    next = written('list', content, count, found and found.metadata or '-', true)
  end
  if next then version = math.max(version, next.version) end
  planned[#planned + 1] = { key = key, next = next, fence = fence > 0 and math.max(fence, seen) or 0, seen = seen }
  answers[#answers + 1] = int(next and next.version or 0) .. ' ' .. (found and '1' or '0') .. ' ' .. amount
end
redis.call('SET', KEYS[5], int(version))
for place = 1, #planned do
  local key, next = planned[place].key, planned[place].next
  if next then
    writeDocument(documents, key, next)
    redis.call('ZADD', index, 0, key)
    if next.expires > 0 then redis.call('ZADD', expiries, int(next.expires), key) else redis.call('ZREM', expiries, key) end
  else
    removeDocument(documents, index, expiries, key)
  end
  local fence = math.max(planned[place].fence, planned[place].seen)
  if fence > 0 then redis.call('HSET', fences, key, int(fence) .. ' ' .. int(time)) end
end
local some = redis.call('HRANDFIELD', fences, 3, 'WITHVALUES')
for place = 1, #some, 2 do
  local at = tonumber(string.match(some[place + 1], '%d+$'))
  if time - at > 86400000 then
    if redis.call('HEXISTS', documents, some[place]) == 1 then
      redis.call('HSET', fences, some[place], string.match(some[place + 1], '^%d+') .. ' ' .. int(time))
    else
      redis.call('HDEL', fences, some[place])
    end
  end
end
return remember(KEYS[6], table.concat(answers, '\\n'))
`].join(''),
};
