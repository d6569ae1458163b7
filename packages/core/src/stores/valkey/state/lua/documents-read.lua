-- Returns documents as they are at one moment.
-- flags: allow-oom
-- include: operation, document
-- KEYS 1: documents
-- ARGV 1…: keys
-- RETURN for each key its document, or nothing
local time, found = now(), {}
for place = 1, #ARGV do
  local document = readDocument(KEYS[1], ARGV[place], time)
  found[place] = document and document.text or ''
end
return found
