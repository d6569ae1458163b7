// Generated from run.include.lua by "pnpm generate": change that file, not this one.

/** Is what scripts include of run.include.lua. */
export const runLua: string = `local function touchRun(run, log, time, ttl)
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
`;
