-- Tells what was invalidated since a number, for those who keep copies.
-- flags: allow-oom
-- include: clock
-- KEYS 1: clock
-- KEYS 2: session, in a session only
-- ARGV 1: fence, or nothing
-- ARGV 2: epoch that the caller knows, or nothing
-- ARGV 3: seq up to which the caller knows every invalidation
-- ARGV 4: opening of the session, or nothing
-- ARGV 5: score up to which the caller knows the tags of the session
-- RETURN {}: there is no clock
-- RETURN {epoch, seq, floor, [member, score, …], [member, score, …] of the session or nothing when it has ended}
local epoch, seq, floor = readClock('')
if not epoch then return {} end
local session = KEYS[2]
local own = session and readSession(session, ARGV[4], epoch) and redis.call('ZRANGE', session, '(' .. ARGV[5], '+inf', 'BYSCORE', 'WITHSCORES')
if epoch ~= ARGV[2] then return { epoch, seq, floor, {}, own or '' } end
return { epoch, seq, floor, redis.call('ZRANGE', CLOCK, '(' .. ARGV[3], '+inf', 'BYSCORE', 'WITHSCORES'), own or '' }
