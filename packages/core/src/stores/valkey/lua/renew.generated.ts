// Generated from renew.lua by "pnpm generate": change that file, not this one.

/** Makes a lease last longer, if it is still the holder's. */
export const renewScript: { readonly name: string; readonly source: string } = {
  name: 'renew',
  source: [`#!lua flags=allow-oom
`, `local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%w+') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`].join(''),
};
