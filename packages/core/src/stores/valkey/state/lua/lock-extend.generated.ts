// Generated from lock-extend.lua by "pnpm generate": change that file, not this one.

/** Gives a lock a new lease if the token holds it. */
export const lockExtendScript: { readonly name: string; readonly source: string } = {
  name: 'lock-extend',
  source: [`#!lua flags=allow-oom
`, `local text = redis.call('GET', KEYS[1])
if not text or string.match(text, '^%S+') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`].join(''),
};
