-- Removes entries from the front of a log, or the whole log.
-- flags: allow-oom
-- include: operation, log
-- KEYS 1: log
-- KEYS 2: record of the operation
-- ARGV 1: 'trim' or 'delete'
-- ARGV 2: number of entries that stay, or nothing
-- ARGV 3: age of entries that stay in milliseconds, or nothing
-- RETURN number of entries that were removed; of a whole log 1, or 0 when it was not there
local known = redis.call('GET', KEYS[2])
if known then return known end
if ARGV[1] == 'delete' then return remember(KEYS[2], int(redis.call('UNLINK', KEYS[1]))) end
return remember(KEYS[2], int(cutLog(KEYS[1], ARGV[2], ARGV[3], now())))
