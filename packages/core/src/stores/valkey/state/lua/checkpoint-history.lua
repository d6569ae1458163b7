-- Returns what has become of channels on the way to a checkpoint.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: namespace
-- ARGV 2: place, or nothing for the newest one
-- ARGV 3…: channels
-- RETURN the pieces of lists, then for each channel 0 and its value, 1 and the digest of its list, or nothing, and the writes of
-- each ancestor, the nearest first
local target = ARGV[2] ~= '' and ARGV[2] or newest(ARGV[1])
local first = target and readCheckpoint(target)
local found = { pieces }
for at = 3, #ARGV do
  local channel, steps, seen, value = ARGV[at], {}, {}, nil
  local parent = first and first.parent or ''
  while parent ~= '' and not value do
    local place = ARGV[1] .. '\0' .. string.sub(parent, 2)
    if seen[place] then break end
    seen[place] = true
    steps[#steps + 1] = readWrites(place, channel)
    local ancestor = readCheckpoint(place)
    for part = 1, ancestor and #ancestor.values or 0, 3 do
      if ancestor.values[part] == channel then value = { readValue(ancestor.values[part + 2]) } end
    end
    parent = ancestor and ancestor.parent or ''
  end
  found[#found + 1] = { value or {}, steps }
end
return found
