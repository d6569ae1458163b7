// Generated from acquire.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';
import { entryLua } from './entry.include.generated.ts';

/** Finds an entry that is valid, or a load to follow, or grants the lease for a new load. */
export const acquireScript: { readonly name: string; readonly source: string } = {
  name: 'acquire',
  source: [`#!lua flags=allow-oom
`, clockLua, entryLua, `local mode, declared = ARGV[3], split(ARGV[4])
local epoch, seq, floor = readClock(ARGV[2])
local session = KEYS[4]
if session then
  local sessionFloor = readSession(session, ARGV[8], epoch)
  if not sessionFloor then return { 'ended' } end
  if floor then floor = math.max(floor, sessionFloor) end
  if mode ~= 'look' and redis.call('PTTL', session) < ARGV[9] * 0.75 then redis.call('PEXPIRE', session, ARGV[9]) end
end
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
  local quiet = lease.stamp == seq and redis.call('ZCOUNT', CLOCK, 1e15, 2e15) == 0
    and not (session and redis.call('ZCOUNT', session, 1e15, 2e15) > 0)
  return { 'follow', epoch, seq, lease.token, redis.call('PTTL', KEYS[3]), quiet and '1' or '0', kept, left }
end
if not lease then dead(seq, declared) end
seq = expireBarriers(seq)
redis.call('SET', KEYS[3], ARGV[6] .. ' ' .. epoch .. ' ' .. int(seq) .. ' ' .. ARGV[8], 'PX', ARGV[7])
return { 'lead', epoch, seq, state == 'fresh' and 'refresh' or state, culprit, kept, left }
`].join(''),
};
