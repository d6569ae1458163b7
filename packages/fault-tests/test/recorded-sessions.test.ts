import { join } from 'node:path';
import { createToolCache } from '@keepstep/core';
import {
  readRetailSessions,
  replayInFlight,
  replayInTurn,
  RetailPolicies,
  type ReplayOptions,
  type ReplayResult,
} from '@keepstep/scenario-kit';
import { startValkey, type ValkeyServer } from '@keepstep/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { RetailProcesses } from './retail/retail-processes.ts';

const PROCESSES = 4;
const SEED = 1;
const POINTS = 2;

describe('recorded sessions on four processes over one server', () => {
  const sessions = readRetailSessions(join(import.meta.dirname, '../../../apps/shopping-agent/data'));
  let server: ValkeyServer;
  let processes: RetailProcesses;

  beforeAll(async () => {
    server = await startValkey();
    processes = new RetailProcesses(PROCESSES, SEED);
  });
  afterAll(async () => {
    await processes[Symbol.asyncDispose]();
    await server.stop();
  });

  type Replay = typeof replayInTurn;
  const optionsOf = (invalidation: 'class' | 'entity' | 'none'): Omit<ReplayOptions, 'cache'> => ({
    policies: new RetailPolicies(invalidation),
    concurrency: 64,
    seed: SEED,
  });

  async function onProcesses(replay: Replay, invalidation: 'class' | 'entity' | 'none'): Promise<ReplayResult> {
    await processes.open(server.url, `${replay.name}-${invalidation}`, invalidation);
    const result = await replay(sessions, { ...optionsOf(invalidation), cache: processes.cache });
    expect(processes.busy).toBe(PROCESSES);
    expect(processes.cache.metrics().bypassed).toBe(0);
    return result;
  }

  async function inMemory(replay: Replay, invalidation: 'class' | 'entity'): Promise<ReplayResult> {
    await using cache = createToolCache();
    return await replay(sessions, { ...optionsOf(invalidation), cache });
  }

  const answeredPercent = ({ reads, hits, coalesced }: ReplayResult): number => ((hits + coalesced) / reads) * 100;

  it.each(['class', 'entity'] as const)(
    'serve nothing stale and hit as often as in one process, calls in turn, invalidation by %s',
    async (invalidation) => {
      const [shared, single] = [
        await onProcesses(replayInTurn, invalidation),
        await inMemory(replayInTurn, invalidation),
      ];
      expect(shared.stale).toBe(0);
      expect(shared.reads).toBe(single.reads);
      expect(Math.abs(answeredPercent(shared) - answeredPercent(single))).toBeLessThanOrEqual(POINTS);
    },
  );

  it.each(['class', 'entity'] as const)(
    'serve nothing stale and keep hitting while calls overlap, invalidation by %s',
    async (invalidation) => {
      const [shared, single] = [
        await onProcesses(replayInFlight, invalidation),
        await inMemory(replayInFlight, invalidation),
      ];
      expect(shared.stale).toBe(0);
      expect(shared.reads).toBe(single.reads);
      // Nothing is served behind the barrier of a write that hangs, and in one process there is none.
      expect(answeredPercent(shared)).toBeGreaterThan(answeredPercent(single) / 2);
    },
  );

  it('are seen to be stale where nothing is invalidated', async () => {
    expect((await onProcesses(replayInTurn, 'none')).stale).toBeGreaterThan(0);
  });
});
