-- Finds an entry that is valid, or a load to follow, or grants the lease for a new load.
-- flags: allow-oom
-- include: clock, entry
-- KEYS 1: clock
-- KEYS 2: entry
-- KEYS 3: lease
-- KEYS 4: session, in a session only
-- ARGV 1: fence, or nothing
-- ARGV 2: nonce for a new clock; nothing in mode 'look'
-- ARGV 3: mode: 'read', 'refresh' to load although an entry is fresh, 'look' to change nothing
-- ARGV 4: declared tags, joined by \31
-- ARGV 5: id of the copy that the caller has, or nothing
-- ARGV 6: token of the lease
-- ARGV 7: time of the lease in milliseconds
-- ARGV 8: opening of the session, or nothing
-- ARGV 9: idle time of the session in milliseconds
-- RETURN {'ended'}
-- RETURN {'hit', epoch, seq, pttl, entry}
-- RETURN {'same', epoch, seq, pttl}: the copy of the caller is valid
-- RETURN {'large', epoch, seq, pttl, id}: valid, to be fetched past Lua
-- RETURN {'lead', epoch, seq, reason, tag that killed the entry or nothing, expired entry or nothing, its pttl}
-- RETURN {'follow', epoch, seq, token, pttl, current '1' | '0', expired entry or nothing, its pttl}
-- RETURN {'look', epoch, seq, state, killer, entry or nothing, pttl}
local mode, declared = ARGV[3], split(ARGV[4])
local epoch, seq, floor = readClock(ARGV[2])
local session = KEYS[4]
if session then
  local sessionFloor = readSession(session, ARGV[8], epoch)
  if not sessionFloor then return { 'ended' } end
  if floor then floor = math.max(floor, sessionFloor) end
  if mode ~= 'look' and redis.call('PTTL', session) < ARGV[9] * 0.75 then redis.call('PEXPIRE', session, ARGV[9]) end
end

-- Tags of both trees are looked for in both places: each tree has its own, so the other place does not know them.
local function dead(stamp, tags)
  if stamp < floor then return '' end
  local found = killer(CLOCK, stamp, tags)
  if session then found = killer(session, stamp, tags) or found end
  return found
end

local state, culprit, entry, left = 'absent', '', nil, 0
if epoch then
  entry = readEntry(KEYS[2])
  if entry and entry.opening ~= ARGV[8] then entry = nil end
end
if entry then
  local found = entry.epoch ~= epoch and '' or dead(entry.stamp, entry.tags)
    or (entry.tagText ~= ARGV[4] and dead(entry.stamp, declared))
  if found then
    state, culprit = 'invalidated', found
  else
    left = redis.call('PTTL', KEYS[2])
    state = left > entry.retain and 'fresh' or 'expired'
  end
end

if state == 'fresh' and mode == 'read' then
  if entry.id == ARGV[5] then return { 'same', epoch, seq, left } end
  if redis.call('STRLEN', KEYS[2]) > LARGE then return { 'large', epoch, seq, left, entry.id } end
  return { 'hit', epoch, seq, left, redis.call('GET', KEYS[2]) }
end

local lease = epoch and readLease(KEYS[3])
local runs = lease and lease.epoch == epoch and lease.opening == ARGV[8] and not dead(lease.stamp, declared)
local valid = (state == 'fresh' or state == 'expired' or (state == 'invalidated' and mode == 'look'))
local kept = valid and (mode == 'look' or state == 'expired') and redis.call('GET', KEYS[2]) or ''

if mode == 'look' then
  if state ~= 'fresh' and runs then state = 'loading' end
  return { 'look', epoch or '', seq or 0, state, culprit, kept, left }
end
if runs then
  if string.sub(lease.text, -1) ~= 'w' then redis.call('APPEND', KEYS[3], ' w') end
  -- A barrier that has died unnoticed may stand between the load and this caller.
  local quiet = lease.stamp == seq and redis.call('ZCOUNT', CLOCK, 1e15, 2e15) == 0
    and not (session and redis.call('ZCOUNT', session, 1e15, 2e15) > 0)
  return { 'follow', epoch, seq, lease.token, redis.call('PTTL', KEYS[3]), quiet and '1' or '0', kept, left }
end
if not lease then dead(seq, declared) end
seq = expireBarriers(seq)
redis.call('SET', KEYS[3], ARGV[6] .. ' ' .. epoch .. ' ' .. int(seq) .. ' ' .. ARGV[8], 'PX', ARGV[7])
return { 'lead', epoch, seq, state == 'fresh' and 'refresh' or state, culprit, kept, left }
