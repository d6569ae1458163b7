// Generated from put.lua by "pnpm generate": change that file, not this one.

import { clockLua } from './clock.include.generated.ts';
import { entryLua } from './entry.include.generated.ts';

/** Stores a value directly: copies of what was there die, and a load that is running is superseded. */
export const putScript: { readonly name: string; readonly source: string } = {
  name: 'put',
  source: [`#!lua
`, clockLua, entryLua, `local staged = ARGV[7] == '1' and KEYS[4] or nil
local session = ARGV[8] ~= '' and KEYS[#KEYS] or nil
local epoch, seq = readClock(ARGV[2])
if session and not readSession(session, ARGV[8], epoch) then
  if staged then redis.call('UNLINK', staged) end
  return { 'session-ended', epoch, seq }
end
local tags = split(ARGV[4])
local before = seq
killer(CLOCK, seq, tags)
if session then killer(session, seq, tags) end
seq = expireBarriers(seq)
if seq == before then seq = tonumber(redis.call('ZINCRBY', CLOCK, 1, '\\0s')) end
number(CLOCK, seq, { ARGV[3] }, 1)
prune(CLOCK, seq, tonumber(ARGV[11]))
redis.call('PUBLISH', ARGV[9], 'I ' .. epoch .. ' ' .. int(seq) .. ' ' .. int(seq) .. ' ' .. ARGV[3])
local lease = readLease(KEYS[3])
if lease then endLease(KEYS[3], lease, ARGV[9], ARGV[10]) end
if killer(CLOCK, seq, tags) or (session and killer(session, seq, tags)) then
  redis.call('UNLINK', KEYS[2])
  if staged then redis.call('UNLINK', staged) end
  return { 'invalidated', epoch, seq }
end
writeEntry(KEYS[2], staged, epoch, seq, seq, ARGV[6], ARGV[5])
if session then redis.call('ZADD', session, 0, '\\0k' .. ARGV[10]) end
return { 'stored', epoch, seq }
`].join(''),
};
