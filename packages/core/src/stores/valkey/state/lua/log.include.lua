-- A log is a stream whose ids are 1-0, 2-0, …: without a gap, so that the first one follows from the last one and the
-- number of entries. An entry has the fields a (when), t (type) and x (text).

-- Returns the id that was given last, or 0.
local function lastOf(log)
  if redis.call('EXISTS', log) == 0 then return 0 end
  local facts = redis.call('XINFO', 'STREAM', log)
  for place = 1, #facts, 2 do
    if facts[place] == 'last-generated-id' then return tonumber(string.match(facts[place + 1], '^%d+')) end
  end
end

local function fieldOf(entry, name)
  for place = 1, #entry[2], 2 do
    if entry[2][place] == name then return entry[2][place + 1] end
  end
end

-- Removes entries from the front; returns how many.
local function cutLog(log, length, age, time)
  local removed = 0
  if length ~= '' then removed = redis.call('XTRIM', log, 'MAXLEN', length) end
  if age == '' then return removed end
  local from = '-'
  while true do
    local some = redis.call('XRANGE', log, from, '+', 'COUNT', 100)
    for place = 1, #some do
      if time - tonumber(fieldOf(some[place], 'a')) <= tonumber(age) then
        return removed + redis.call('XTRIM', log, 'MINID', some[place][1])
      end
    end
    if #some < 100 then return removed + redis.call('XTRIM', log, 'MAXLEN', 0) end
    from = '(' .. some[#some][1]
  end
end

-- Appends entries, given as type and text in turn; returns the first id and the last one.
local function appendLog(log, entries, first, time)
  local last = lastOf(log)
  local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  local at = int(newest and math.max(time, tonumber(fieldOf(newest, 'a'))) or time)
  local begin = last + 1
  for place = first, #entries, 2 do
    last = last + 1
    redis.call('XADD', log, int(last) .. '-0', 'a', at, 't', entries[place], 'x', entries[place + 1])
  end
  return begin, last
end
