import type { Cluster, Redis } from 'iovalkey';

import { TTL_MS, type Protocol } from './control.ts';

/** Names what tells one incarnation of the server from another: nothing, or the id that a process keeps while it lives. */
export type ClockFence = 'none' | 'run-id';

const CLOCK = '{control}:clock';

/** Opens the clock, and makes a new one where it is gone or belongs to another incarnation. */
const PRELUDE = (fence: ClockFence): string => `
  local fence = ${fence === 'none' ? "''" : "string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')"}
  local clock = KEYS[1]
  local opened = redis.call('HMGET', clock, 'epoch', 'fence', 'seq')
  if not opened[1] or opened[2] ~= fence then
    redis.call('DEL', clock)
    redis.call('HSET', clock, 'epoch', ARGV[1], 'fence', fence, 'seq', 1)
    opened = { ARGV[1], fence, '1' }
  end
  local function isValid(epoch, stamp, first)
    if epoch ~= opened[1] then return false end
    for index = first, #ARGV do
      local last = redis.call('HGET', clock, ARGV[index])
      if last and tonumber(last) > tonumber(stamp) then return false end
    end
    return true
  end
`;

const FIND = `
  local epoch, stamp, version = string.match(redis.call('GET', KEYS[2]) or '', '^(%S+) (%d+) (%d+)$')
  if epoch and isValid(epoch, stamp, 2) then return { version } end
  return { false, opened[1], opened[3] }
`;

const KEEP = `
  if not isValid(ARGV[2], ARGV[3], 6) then return 0 end
  redis.call('SET', KEYS[2], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4], 'PX', ARGV[5])
  return 1
`;

const DROP = `return redis.call('HSET', clock, ARGV[2], redis.call('HINCRBY', clock, 'seq', 1))`;

interface Stamp {
  readonly epoch: string;
  readonly seq: string;
}

/** Is the protocol of a clock of tags, right but for its fence: stamped before the load, checked when stored and read. */
export function tagClock(client: Redis | Cluster, fence: ClockFence): Protocol<Stamp> {
  const prelude = PRELUDE(fence);
  return {
    async find(key, tags) {
      const reply = await client.eval(prelude + FIND, 2, CLOCK, key, crypto.randomUUID(), ...tags);
      const [version, epoch, seq] = reply as [string | null, string, string];
      return version === null ? { stamp: { epoch, seq } } : { version: Number(version) };
    },
    async keep(key, tags, version, { epoch, seq }) {
      return (
        (await client.eval(
          prelude + KEEP,
          2,
          CLOCK,
          key,
          crypto.randomUUID(),
          epoch,
          seq,
          version,
          TTL_MS,
          ...tags,
        )) === 1
      );
    },
    drop: (tag) => client.eval(prelude + DROP, 1, CLOCK, crypto.randomUUID(), tag),
  };
}
