// Generated from release.lua by "pnpm generate": change that file, not this one.

/** Gives a lease back, if it is still the holder's, and wakes those who wait. */
export const releaseScript: { readonly name: string; readonly source: string } = {
  name: 'release',
  source: [`#!lua flags=allow-oom
`, `local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%w+') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if string.sub(text, -1) == 'w' then redis.call('PUBLISH', ARGV[2], 'D ' .. ARGV[3] .. ' ' .. ARGV[1]) end
return 1
`].join(''),
};
