-- Puts a name on a directory, and takes note of when.
-- include: operation
-- KEYS 1: names in order
-- KEYS 2: when each was put there last
-- ARGV 1: name
-- RETURN 1
redis.call('ZADD', KEYS[1], 0, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], int(now()))
return 1
