import { anyOpening } from './any-opening.ts';
import type { Patch, Sabotage } from './sabotage.ts';

const lua = (script: string, find: string, replace: string): Patch => ({
  file: `stores/valkey/${script.includes('/') ? script : `lua/${script}`}.lua`,
  find,
  replace,
});

/** Lists what can be wrong with the scripts. */
export const luaSabotages: readonly Sabotage[] = [
  {
    name: 'stores whatever was loaded',
    patches: [
      lua(
        'commit',
        'if stamp < floor or killer(CLOCK, stamp, tags) or (session and killer(session, stamp, tags)) then',
        'if false then',
      ),
    ],
  },
  {
    name: 'stores without a lease',
    patches: [lua('commit', "return mine and 'stored' or 'replaced'", "return 'stored'")],
    focus: { faults: [], slowness: 0.1, pauseMs: 2 },
  },
  {
    name: 'stores what was loaded under another clock',
    patches: [lua('commit', "if epoch ~= ARGV[3] then return 'invalidated' end", '')],
    focus: { faults: ['clock evicted'] },
  },
  {
    name: 'takes the stamp when the load is done',
    patches: [
      lua(
        'commit',
        'local stamp, tags = tonumber(ARGV[4]), split(ARGV[5])',
        "local stamp, tags = select(2, readClock('')), split(ARGV[5])",
      ),
      lua(
        'commit',
        'writeEntry(KEYS[2], staged, epoch, tonumber(ARGV[4]), placed, ARGV[7], ARGV[6])',
        "writeEntry(KEYS[2], staged, epoch, select(2, readClock('')), placed, ARGV[7], ARGV[6])",
      ),
    ],
  },
  {
    name: 'serves what was stored under another clock',
    patches: [lua('acquire', "entry.epoch ~= epoch and '' or dead", 'dead')],
    focus: { faults: ['clock evicted'] },
  },
  {
    name: 'forgets invalidations without raising the floor',
    patches: [lua('clock.include', "if floor > 0 then redis.call('ZADD', key, 'GT', floor, '\\0f') end", '')],
    focus: { faults: [], maxTags: 14 },
  },
  {
    name: 'tells incarnations apart by the run id alone',
    patches: [lua('clock.include', "{ '\\nrun_id:', '\\nmaster_replid:' }", "{ '\\nrun_id:' }")],
    focus: { faults: ['failover'], isReplicated: true },
  },
  {
    name: 'tells no incarnations apart',
    patches: [lua('clock.include', 'and tonumber(parts[4]) == fence then', 'then')],
    focus: { faults: ['failover'], isReplicated: true },
  },
  {
    name: 'lets readers follow any load',
    patches: [lua('acquire', ' and not dead(lease.stamp, declared)', '')],
  },
  {
    name: 'lets everybody load',
    patches: [lua('acquire', 'local runs = lease and', 'local runs = false and lease and')],
    focus: { faults: [] },
  },
  {
    name: 'stores for an opening of a session that has ended',
    patches: [lua('clock.include', ' or (opening and parts[1] ~= opening)', ''), ...anyOpening],
    focus: { faults: [], slowness: 0.4, maxTags: 100_000, pauseMs: 2 },
  },
  {
    name: 'serves what an earlier opening of a session has stored',
    patches: [lua('session-end', "redis.call('UNLINK', ARGV[2] .. hash, ARGV[3] .. hash)", ''), ...anyOpening],
    focus: { faults: [] },
  },
  {
    name: 'has barriers that do nothing before they close',
    patches: [
      lua('clock.include', 'if score and score > stamp then', 'if score and score > stamp and score < BARRIER then'),
    ],
    focus: { faults: ['process killed'], slowness: 0.1 },
  },
  {
    name: 'lets barriers of the dead end without a trace',
    patches: [lua('clock.include', "redis.call('ZADD', key, seq, tag)", "redis.call('ZREM', key, tag)")],
    focus: { faults: ['process killed'], slowness: 0.1 },
  },
  {
    name: 'lets barriers of the dead stand for ever',
    patches: [lua('clock.include', 'score - BARRIER < time then', 'false then')],
    focus: { faults: ['process killed'], failures: 0 },
  },
  {
    name: 'lets a load that is running overwrite what was set',
    patches: [lua('put', 'if lease then endLease(KEYS[3], lease, ARGV[9], ARGV[10]) end', '')],
    focus: { faults: [], slowness: 0.1, pauseMs: 2 },
  },
  {
    name: 'lets a load that is running bring back what was deleted',
    patches: [lua('delete', 'if lease then endLease(KEYS[3], lease, ARGV[5], ARGV[6]) end', '')],
    focus: { faults: [], slowness: 0.1, pauseMs: 2 },
  },
  {
    name: 'carries out a change again whose answer was lost',
    patches: [lua('state/lua/documents-apply', 'if known then return known end', '')],
    focus: { faults: ['broken connections', 'lost replies'] },
  },
];
