// Generated from commit.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';
import { entryLua } from './entry.include.generated.ts';

/** Stores the value of a load, if nothing that it depends on was invalidated since its stamp was taken, and ends the lease. */
export const commitScript: { readonly name: string; readonly source: string } = {
  name: 'commit',
  source: [`#!lua
`, clockLua, entryLua, `local staged = ARGV[8] == '1' and KEYS[4] or nil
local session = ARGV[9] ~= '' and KEYS[#KEYS] or nil
local epoch, seq, floor = readClock('')
local lease = readLease(KEYS[3])
local mine = lease and lease.token == ARGV[2]
if mine then endLease(KEYS[3], lease, ARGV[10], ARGV[11]) end
local function decide()
  if session then
    local sessionFloor = readSession(session, ARGV[9], epoch)
    if not sessionFloor then return 'session-ended' end
    if floor then floor = math.max(floor, sessionFloor) end
  end
  if epoch ~= ARGV[3] then return 'invalidated' end
  local stamp, tags = tonumber(ARGV[4]), split(ARGV[5])
  if stamp < floor or killer(CLOCK, stamp, tags) or (session and killer(session, stamp, tags)) then
    return 'invalidated'
  end
  return mine and 'stored' or 'replaced'
end
local result = decide()
local placed = tonumber(ARGV[4])
if result == 'stored' then
  local before = readEntry(KEYS[2])
  if before and before.epoch == epoch and before.stamp >= floor and not killer(CLOCK, before.stamp, before.tags)
    and not (session and killer(session, before.stamp, before.tags)) then
    placed = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\\0s'))
    seq = placed
    number(CLOCK, placed, { ARGV[12] }, 1)
    prune(CLOCK, placed, tonumber(ARGV[13]))
    redis.call('PUBLISH', ARGV[10], 'I ' .. epoch .. ' ' .. int(placed) .. ' ' .. int(placed) .. ' ' .. ARGV[12])
  end
  writeEntry(KEYS[2], staged, epoch, tonumber(ARGV[4]), placed, ARGV[7], ARGV[6])
  if session then redis.call('ZADD', session, 0, '\\0k' .. ARGV[11]) end
elseif staged then
  redis.call('UNLINK', staged)
end
return { result, placed, seq or 0 }
`].join(''),
};
