-- Returns a checkpoint.
-- flags: allow-oom
-- include: checkpoint
-- KEYS 1: checkpoints of the thread
-- ARGV 1: namespace
-- ARGV 2: place, or nothing for the newest one
-- ARGV 3: ttl or 0
-- RETURN the pieces of its lists, and its place, parent, record, metadata, values, writes | nothing
local place = ARGV[2] ~= '' and ARGV[2] or newest(ARGV[1])
local found = place and wholeCheckpoint(place)
if found then stayFor(tonumber(ARGV[3])) end
return found and { pieces, found }
