-- What was answered under an operation id is remembered for a while: whoever asks again gets the answer that was lost, and
-- nothing is done twice. A refusal is an answer, too: a request that arrives late must not do what its caller was refused.
-- The record is written by the script that answers, so the two are one step.

local REMEMBERED_MS = 120000

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function int(number)
  return string.format('%.0f', number)
end

-- Remembers an answer, and returns it.
local function remember(key, answer)
  redis.call('SET', key, answer, 'PX', REMEMBERED_MS)
  return answer
end
