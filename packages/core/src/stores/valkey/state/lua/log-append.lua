-- Appends entries to a log, all of them or none.
-- include: operation, log
-- KEYS 1: log
-- KEYS 2: record of the operation
-- ARGV 1: number of entries that stay
-- ARGV 2: age of entries that stay in milliseconds, or nothing
-- ARGV 3: time that the log stays in milliseconds, or nothing
-- ARGV 4: channel
-- ARGV 5…: type and text of each entry
-- RETURN first id and last id, joined by a space
local known = redis.call('GET', KEYS[2])
if known then return known end
local time = now()
local first, last = appendLog(KEYS[1], ARGV, 5, time)
cutLog(KEYS[1], ARGV[1], ARGV[2], time)
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
redis.call('PUBLISH', ARGV[4], KEYS[1])
return remember(KEYS[2], int(first) .. ' ' .. int(last))
