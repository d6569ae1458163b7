-- The tag clock of one partition, as one sorted set. The scores keep its parts in order, so that one range from a number
-- upwards holds whatever has changed since:
--
--   \0e   epoch in [2^52, 2^53)   new whenever the clock is made anew: what was stored under another one is dead
--   \0r   fence in [2^51, 2^52)   the incarnation of the server that made it
--   tag   1e15 + deadline         while a write barrier stands
--   tag   seq                     of its last invalidation
--   \0s   seq                     counts invalidations
--   \0f   floor                   whatever was stamped below it is dead
--   \0k   floor of copies         so are copies in other processes, but not what is stored here
--
-- A session is a sorted set beside it, whose tags are numbered by the same seq:
--
--   \0o   opening                 an id may be opened again, an opening never
--   \0c   epoch of the clock that has numbered its tags
--   \0u…  0                       whose session it is
--   \0k…  0                       the keys of what it has stored
--   \0f   floor

local BARRIER = 1e15
local CLOCK = KEYS[1]

-- Tells this incarnation of the server from every other: a restart makes a new run id, a promotion a new replication id.
-- A client of a server that never had a replica passes the number on, which saves asking for it.
local function incarnation()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local info = redis.call('INFO', 'server', 'replication')
  local ids = ''
  -- Both are 40 digits long. Plain search takes a tenth of the time of a pattern, and each hit pays for it.
  for _, name in ipairs({ '\nrun_id:', '\nmaster_replid:' }) do
    local _, stop = string.find(info, name, 1, true)
    ids = ids .. string.sub(info, stop + 1, stop + 40)
  end
  return 2251799813685248 + tonumber(string.sub(redis.sha1hex(ids), 1, 12), 16)
end

local function int(number)
  return string.format('%.0f', number)
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function split(text)
  local parts = {}
  for part in string.gmatch(text, '[^\31]+') do parts[#parts + 1] = part end
  return parts
end

-- Returns epoch (a text), seq and floor. A clock of another incarnation may have forgotten invalidations: it is made anew,
-- but for the barriers that stand, or nothing is returned where no nonce allows for that.
local function readClock(nonce)
  local parts = redis.call('ZMSCORE', CLOCK, '\0e', '\0s', '\0f', '\0r')
  local fence = incarnation()
  if parts[1] and parts[2] and parts[3] and tonumber(parts[4]) == fence then
    return parts[1], tonumber(parts[2]), tonumber(parts[3])
  end
  if nonce == '' then return nil end
  redis.call('ZREMRANGEBYSCORE', CLOCK, '-inf', '(1e15')
  redis.call('ZADD', CLOCK, nonce, '\0e', 1, '\0s', 1, '\0f', fence, '\0r')
  return nonce, 1, 1
end

-- Returns the floor of a session, or nothing when it has ended. Tags that another clock has numbered are let go: so is
-- everything that was stored under that clock.
local function readSession(session, opening, epoch)
  local parts = redis.call('ZMSCORE', session, '\0o', '\0c', '\0f')
  if not parts[1] or (opening and parts[1] ~= opening) then return nil end
  if epoch and parts[2] ~= epoch then
    redis.call('ZREMRANGEBYSCORE', session, 1, '(1e15')
    redis.call('ZADD', session, epoch, '\0c')
    return 0
  end
  return tonumber(parts[3] or 0)
end

-- Lists tags behind a barrier that were met on the way: [key, tag, key, tag, …].
local barred = {}

-- Returns the first of the tags that was invalidated after the stamp, or nothing.
local function killer(key, stamp, tags)
  if #tags == 0 then return nil end
  local scores = redis.call('ZMSCORE', key, unpack(tags))
  local found
  for index = 1, #tags do
    local score = scores[index] and tonumber(scores[index])
    if score and score > stamp then
      found = found or tags[index]
      if score >= BARRIER then
        barred[#barred + 1] = key
        barred[#barred + 1] = tags[index]
      end
    end
  end
  return found
end

-- Turns barriers whose writer has died into ordinary invalidations; returns the seq then.
local function expireBarriers(seq)
  local time = #barred > 0 and now()
  for index = 1, #barred, 2 do
    local key, tag = barred[index], barred[index + 1]
    local score = tonumber(redis.call('ZSCORE', key, tag) or 0)
    if score >= BARRIER and score - BARRIER < time then
      seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s'))
      redis.call('ZADD', key, seq, tag)
    end
  end
  barred = {}
  return seq
end

-- Forgets the oldest tags beyond a number of them, and raises a floor in their place. Tags of single keys concern copies
-- alone; any other one concerns what is stored, too.
local function prune(key, seq, limit)
  -- The keys that a session has stored stand at 0, and are no tags.
  local over = redis.call('ZCOUNT', key, 1, '+inf') - limit
  if over <= 0 then return end
  local dead = redis.call('ZRANGE', key, '(1e15', int(BARRIER + now()), 'BYSCORE', 'LIMIT', 0, 100)
  for index = 1, #dead do redis.call('ZADD', key, seq, dead[index]) end
  local count = math.min(over + math.floor(limit / 10), 5000)
  local oldest = redis.call('ZRANGE', key, 1, '(1e15', 'BYSCORE', 'LIMIT', 0, count, 'WITHSCORES')
  local forgotten, floor, copyFloor = {}, 0, 0
  for index = 1, #oldest, 2 do
    local tag, score = oldest[index], tonumber(oldest[index + 1])
    local kind = string.byte(tag, 1)
    if kind ~= 0 and score < seq then
      forgotten[#forgotten + 1] = tag
      if kind == 1 then copyFloor = math.max(copyFloor, score) else floor = math.max(floor, score) end
    end
  end
  for index = 1, #forgotten, 1000 do
    redis.call('ZREM', key, unpack(forgotten, index, math.min(index + 999, #forgotten)))
  end
  if floor > 0 then redis.call('ZADD', key, 'GT', floor, '\0f') end
  if copyFloor > 0 then redis.call('ZADD', key, 'GT', copyFloor, '\0k') end
end

-- Gives tags a number, in chunks that fit on the stack of Lua. An open barrier stays where it is.
local function number(key, seq, tags, first)
  local batch = {}
  for index = first, #tags do
    batch[#batch + 1] = int(seq)
    batch[#batch + 1] = tags[index]
    if #batch >= 1000 then
      redis.call('ZADD', key, 'GT', unpack(batch))
      batch = {}
    end
  end
  if #batch > 0 then redis.call('ZADD', key, 'GT', unpack(batch)) end
end
