-- A run is a hash: i incarnation, s status, c current step, v version, n openings, a created, u updated, e expires, f fence,
-- o outcome, k number of steps, and 's' .. id for each step: its place and a newline, then what it has returned. Its log is a
-- stream beside it. Both end together.

local function touchRun(run, log, time, ttl)
  redis.call('HINCRBY', run, 'v', 1)
  redis.call('HSET', run, 'u', int(time), 'e', int(time + tonumber(ttl)))
  redis.call('PEXPIRE', run, ttl)
  redis.call('PEXPIRE', log, ttl)
end

local function logEvents(log, events, first, maximum, time)
  if #events < first then return end
  appendLog(log, events, first, time)
  cutLog(log, maximum, '', time)
end
