// Generated from operation.include.lua by "pnpm generate": change that file, not this one.

/** Is what scripts include of operation.include.lua. */
export const operationLua: string = `local REMEMBERED_MS = 120000
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function int(number)
  return string.format('%.0f', number)
end
local function remember(key, answer)
  redis.call('SET', key, answer, 'PX', REMEMBERED_MS)
  return answer
end
`;
