// Generated from session-end.lua by "pnpm generate": change that file, not this one.

/** Ends a session: what it has stored is gone, and no load that finishes late brings it back. */
export const sessionEndScript: { readonly name: string; readonly source: string } = {
  name: 'session-end',
  source: [`#!lua flags=allow-oom
`, `if redis.call('ZSCORE', KEYS[1], '\\0o') ~= ARGV[1] then return 0 end
local stored = redis.call('ZRANGE', KEYS[1], 0, 0, 'BYSCORE')
for index = 1, #stored do
  if string.sub(stored[index], 1, 2) == '\\0k' then
    local hash = string.sub(stored[index], 3)
    redis.call('UNLINK', ARGV[2] .. hash, ARGV[3] .. hash)
  end
end
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('PUBLISH', ARGV[4], 'E ' .. ARGV[1])
return 1
`].join(''),
};
