-- Stores the value of a load, if nothing that it depends on was invalidated since its stamp was taken, and ends the lease.
-- include: clock, entry
-- KEYS 1: clock
-- KEYS 2: entry
-- KEYS 3: lease
-- KEYS 4: staged value, if large; else session, in a session only
-- KEYS 5: session, where KEYS 4 is a staged value
-- ARGV 1: fence, or nothing
-- ARGV 2: token of the lease
-- ARGV 3: epoch under which the stamp was taken
-- ARGV 4: stamp
-- ARGV 5: tags, joined by \31
-- ARGV 6: time to keep the entry in milliseconds
-- ARGV 7: entry past its stamp, if it is not staged
-- ARGV 8: '1' if the value is staged
-- ARGV 9: opening of the session, or nothing
-- ARGV 10: channel
-- ARGV 11: hash of the key
-- ARGV 12: tag of the key
-- ARGV 13: number of tags that are remembered
-- RETURN {'stored' | 'replaced' | 'invalidated' | 'session-ended', seq at which it took its place, seq now}
local staged = ARGV[8] == '1' and KEYS[4] or nil
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
    -- It renews an entry that is still good: copies of that one give way.
    placed = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\0s'))
    seq = placed
    number(CLOCK, placed, { ARGV[12] }, 1)
    prune(CLOCK, placed, tonumber(ARGV[13]))
    redis.call('PUBLISH', ARGV[10], 'I ' .. epoch .. ' ' .. int(placed) .. ' ' .. int(placed) .. ' ' .. ARGV[12])
  end
  writeEntry(KEYS[2], staged, epoch, tonumber(ARGV[4]), placed, ARGV[7], ARGV[6])
  if session then redis.call('ZADD', session, 0, '\0k' .. ARGV[11]) end
elseif staged then
  redis.call('UNLINK', staged)
end
return { result, placed, seq or 0 }
