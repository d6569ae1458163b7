import { startValkey, waitUntil, type ValkeyServer } from '@keepstep/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { HerdMember } from './herd/herd.ts';

const PROCESSES = 4;
const READS_OF_EACH = 25;
/** Is the lease of the tests in which nobody is meant to lose it, and of those in which somebody is. */
const LONG_MS = 30_000;
const SHORT_MS = 1_500;

describe('many processes that read the same at once', () => {
  let server: ValkeyServer;
  let members: HerdMember[];
  /** Lists the processes whose loads have begun, in order. */
  let loading: HerdMember[];

  beforeEach(async () => {
    server = await startValkey();
    members = [];
    loading = [];
  });
  afterEach(async () => {
    for (const member of members) member.end();
    await server.stop();
  });

  function start(leaseMs: number, namespaceOf: (index: number) => string = () => 'herd'): void {
    for (let index = 0; index < PROCESSES; index += 1) add(leaseMs, namespaceOf(index));
  }

  function add(leaseMs: number, namespace: string): HerdMember {
    const member = new HerdMember(server.url, leaseMs, namespace, (each) => loading.push(each));
    members.push(member);
    return member;
  }

  const readAll = (): Promise<readonly number[]>[] => members.map((member) => member.read(READS_OF_EACH));

  /** Waits until the server has been asked for the right to load by every process. */
  async function untilAllHaveAsked(): Promise<void> {
    await waitUntil('a load has begun', () => loading.length > 0);
    // Each process listens for the end of the load, but the one that runs it.
    await waitUntil('the others wait', async () => {
      const channels = (await server.command('PUBSUB', 'CHANNELS')) as string[];
      const counts = (await server.command('PUBSUB', 'NUMSUB', ...channels)) as (string | number)[];
      return counts.some((count) => Number(count) >= PROCESSES - 1);
    });
  }

  it('load once for a hundred concurrent misses', async () => {
    start(LONG_MS);
    const reads = readAll();
    await untilAllHaveAsked();
    loading[0]?.finish();
    const values = (await Promise.all(reads)).flat();
    expect(values).toHaveLength(PROCESSES * READS_OF_EACH);
    expect(new Set(values)).toEqual(new Set([loading[0]?.pid]));
    expect(loading).toHaveLength(1);
  });

  it('load once each where they share no lease', async () => {
    start(LONG_MS, (index) => `herd-${index}`);
    const reads = readAll();
    await waitUntil('each loads', () => loading.length === PROCESSES);
    for (const member of members) member.finish();
    expect(new Set((await Promise.all(reads)).flat())).toEqual(new Set(members.map(({ pid }) => pid)));
  });

  it('let another lead within the lease when the leader is killed', async () => {
    start(SHORT_MS);
    const reads = readAll();
    await untilAllHaveAsked();
    const leader = loading[0] as HerdMember;
    leader.signal('SIGKILL');
    const leftMs = Math.max(...(await leasesLeftMs()));
    expect(leftMs).toBeLessThanOrEqual(SHORT_MS);
    // Were the lease renewed for the dead, or kept by those who wait, nobody would ever lead.
    await waitUntil('another leads', () => loading.length === 2, leftMs + SHORT_MS);
    loading[1]?.finish();
    const others = reads.filter((_, index) => members[index] !== leader);
    expect(new Set((await Promise.all(others)).flat())).toEqual(new Set([loading[1]?.pid]));
    expect(loading).toHaveLength(2);
  });

  it('wait no longer than the lease for a leader that is stopped, and refuse what it brings later', async () => {
    start(SHORT_MS);
    const reads = readAll();
    await untilAllHaveAsked();
    const leader = loading[0] as HerdMember;
    leader.signal('SIGSTOP');
    await waitUntil('another leads', () => loading.length === 2, SHORT_MS * 2);
    loading[1]?.finish();
    const others = reads.filter((_, index) => members[index] !== leader);
    const next = loading[1]?.pid;
    expect(new Set((await Promise.all(others)).flat())).toEqual(new Set([next]));
    leader.signal('SIGCONT');
    leader.finish();
    // Its own callers get what it has loaded; whoever asks now gets what is newer.
    const late = await reads[members.indexOf(leader)];
    expect(late).toHaveLength(READS_OF_EACH);
    expect(await add(SHORT_MS, 'herd').read(1)).toEqual([next]);
    expect(loading).toHaveLength(2);
  });

  async function leasesLeftMs(): Promise<number[]> {
    const keys = (await server.command('SCAN', '0', 'MATCH', 'ks:*:l:*', 'COUNT', 1_000)) as [string, string[]];
    return Promise.all(keys[1].map(async (key) => Number(await server.command('PTTL', key))));
  }
});
