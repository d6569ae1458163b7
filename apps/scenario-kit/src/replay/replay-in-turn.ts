import type { Metrics, ToolCache } from '@keepstep/core';

import { referenceSchedule } from './reference-schedule.ts';
import type { ReplayResult } from './replay-result.ts';
import { isStale, RetailDatabase, RetailToolError, type Versions } from './retail-database.ts';
import type { RetailPolicies } from './retail-policies.ts';
import type { RetailCall, RetailSession } from './retail-sessions.ts';

/** Replays sessions that take turns: every call is over before the next one begins. */
export async function replayInTurn(
  sessions: readonly RetailSession[],
  { cache, policies, concurrency, seed }: ReplayOptions,
): Promise<ReplayResult> {
  const database = new RetailDatabase();
  let stale = 0;
  for (const [session, position] of referenceSchedule(sessions, concurrency, seed)) {
    const call = sessions[session]!.calls[position]!;
    if (call.kind === 'read') {
      const seen = await readThrough(cache, policies, call, () => database.read(call));
      if (seen !== undefined && isStale(seen, database.read(call))) stale += 1;
    } else if (call.kind === 'write') {
      await cache.call(callOf(call), policies.of(call), () => database.write(call));
    }
  }
  return { ...countsOf(cache), stale };
}

/** Is what a replay needs of a cache. */
export interface ReplayCache extends Pick<ToolCache, 'call'> {
  metrics(): Metrics;
}

/** Says how to replay. */
export interface ReplayOptions {
  readonly cache: ReplayCache;
  readonly policies: RetailPolicies;
  /** Is how many sessions are under way at the same time. */
  readonly concurrency: number;
  /** Chooses the order of the steps. */
  readonly seed: number;
}

/** Runs a recorded read through the cache; undefined where it failed, as it did when it was recorded. */
export async function readThrough(
  cache: ReplayCache,
  policies: RetailPolicies,
  call: RetailCall,
  load: () => Versions | Promise<Versions>,
): Promise<Versions | undefined> {
  try {
    const { value } = await cache.call(callOf(call), policies.of(call), async () => {
      const versions = await load();
      if (call.failed) throw new RetailToolError(`${call.tool} failed.`);
      return versions;
    });
    return value;
  } catch (error) {
    if (error instanceof RetailToolError) return undefined;
    throw error;
  }
}

/** Returns a recorded call as the cache takes it. What a write changed is handed to its policy as a second argument. */
export function callOf({ tool, args, kind, writes }: RetailCall): { toolName: string; args: unknown[] } {
  return { toolName: tool, args: kind === 'write' ? [args, writes] : [args] };
}

/** Returns the counts of a cache that nothing but one replay has used. */
export function countsOf(cache: ReplayCache): Omit<ReplayResult, 'stale'> {
  const { hits, misses, coalesced, superseded } = cache.metrics();
  return { reads: hits + misses + coalesced, hits, coalesced, superseded };
}
