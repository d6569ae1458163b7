// Generated from entry.include.lua by "pnpm generate": change that file, not this one.

/** Is what scripts include of entry.include.lua. */
export const entryLua: string = `local FIELDS = '^([^\\n]*)\\n([^\\n]*)\\n([^\\n]*)\\n(%d+)\\n'
local LARGE = 32768
local function readEntry(key)
  local text = redis.call('GETRANGE', key, 0, 511)
  if string.sub(text, 1, 1) ~= '1' then return nil end
  local id, opening, tags, retain = string.match(text, FIELDS, 50)
  if not id then id, opening, tags, retain = string.match(redis.call('GET', key), FIELDS, 50) end
  if not id then return nil end
  return {
    epoch = string.sub(text, 2, 17),
    stamp = tonumber(string.sub(text, 18, 33)),
    id = id,
    opening = opening,
    tags = split(tags),
    tagText = tags,
    retain = tonumber(retain),
  }
end
local function readLease(key)
  local text = redis.call('GET', key)
  if not text then return nil end
  local token, epoch, stamp, opening = string.match(text, '^(%w+) (%d+) (%d+) (%d*)')
  return token and { token = token, epoch = epoch, stamp = tonumber(stamp), opening = opening, text = text }
end
local function endLease(key, lease, channel, hash)
  redis.call('DEL', key)
  if string.sub(lease.text, -1) == 'w' then redis.call('PUBLISH', channel, 'D ' .. hash .. ' ' .. lease.token) end
end
local function writeEntry(key, staged, epoch, stamp, placed, rest, ttl)
  local head = string.format('1%016.0f%016.0f%016.0f', tonumber(epoch), stamp, placed)
  if staged then
    redis.call('RENAME', staged, key)
    redis.call('SETRANGE', key, 0, head)
    redis.call('PEXPIRE', key, ttl)
  else
    redis.call('SET', key, head .. rest, 'PX', ttl)
  end
end
`;
