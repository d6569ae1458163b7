// Generated from document.include.lua by "pnpm generate": change that file, not this one.

/** Is what scripts include of document.include.lua. */
export const documentLua: string = `local DOCUMENT = '^(%a+)\\n(%d+)\\n(%d+)\\n(%d+)\\n(%d+)\\n(%d+)\\n([^\\n]*)\\n()'
local function readDocument(documents, key, time)
  local text = redis.call('HGET', documents, key)
  if not text then return nil end
  local form, version, created, updated, expires, count, metadata, start = string.match(text, DOCUMENT)
  expires = tonumber(expires)
  if expires > 0 and expires <= time then return nil end
  return {
    form = form,
    version = tonumber(version),
    created = created,
    updated = updated,
    expires = expires,
    count = tonumber(count),
    metadata = metadata,
    text = text,
    start = start,
  }
end
local function writeDocument(documents, key, document)
  local head = { document.form, int(document.version), document.created, document.updated, int(document.expires), int(document.count), document.metadata, '' }
  redis.call('HSET', documents, key, table.concat(head, '\\n') .. document.content)
end
local function removeDocument(documents, index, expiries, key)
  redis.call('HDEL', documents, key)
  redis.call('ZREM', index, key)
  redis.call('ZREM', expiries, key)
end
local function sweep(documents, index, expiries, time)
  local due = redis.call('ZRANGE', expiries, '-inf', int(time), 'BYSCORE', 'LIMIT', 0, 100)
  for place = 1, #due do removeDocument(documents, index, expiries, due[place]) end
end
`;
