-- Returns some keys of documents that are there, in order.
-- flags: allow-oom
-- include: operation, document
-- KEYS 1: documents
-- KEYS 2: index of keys
-- KEYS 3: expiries
-- ARGV 1: where the range begins, as ZRANGE says it
-- ARGV 2: where it ends
-- ARGV 3: number of keys at most
-- RETURN keys
local time = now()
sweep(KEYS[1], KEYS[2], KEYS[3], time)
local limit, from, found = tonumber(ARGV[3]), ARGV[1], {}
while #found < limit do
  local some = redis.call('ZRANGE', KEYS[2], from, ARGV[2], 'BYLEX', 'LIMIT', 0, limit)
  for place = 1, #some do
    local expires = redis.call('ZSCORE', KEYS[3], some[place])
    if #found < limit and not (expires and tonumber(expires) <= time) then found[#found + 1] = some[place] end
  end
  if #some < limit then break end
  from = '(' .. some[#some]
end
return found
