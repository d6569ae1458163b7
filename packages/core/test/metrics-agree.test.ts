import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createToolCache, globalMetrics, type KeepstepEvent, type Metrics, type Session } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

/** Counts what events say, with the definitions of `Metrics`. */
function count(events: readonly KeepstepEvent[]): Metrics {
  const number = (matches: (event: KeepstepEvent) => boolean): number => events.filter(matches).length;
  const of = (type: KeepstepEvent['type']): number => number((event) => event.type === type);
  const hits = of('cache-hit');
  const [coalesced, stale] = [of('call-coalesced'), of('cache-stale')];
  const misses = number((event) => event.type === 'cache-miss' && !event.background);
  const answered = hits + coalesced + stale;
  const saved = events.reduce((sum, event) => sum + (event.type === 'cache-hit' ? event.savedMs : 0), 0);
  return {
    hits,
    misses,
    coalesced,
    stale,
    hitRate: answered + misses === 0 ? 0 : answered / (answered + misses),
    invalidations:
      of('entry-deleted') + number((event) => event.type === 'resources-invalidated' && event.cause !== 'barrier'),
    loopDetections: of('loop-detected'),
    superseded: of('entry-superseded'),
    // A write that has nobody to belong to says so, and is no read.
    bypassed: number((event) => event.type === 'call-bypassed' && !event.toolName.startsWith('write')),
    errors: number((event) => event.type === 'tool-executed' && event.outcome === 'error'),
    upstreamCalls: of('tool-executed'),
    savedMs: Math.round(saved),
  };
}

function difference(after: Metrics, before: Metrics): Metrics {
  const names = Object.keys(after) as (keyof Metrics)[];
  const grown = Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Metrics;
  const answered = grown.hits + grown.coalesced + grown.stale;
  return { ...grown, hitRate: answered + grown.misses === 0 ? 0 : answered / (answered + grown.misses) };
}

type Step =
  | { readonly do: 'call'; readonly tool: number; readonly arg: string; readonly place: number; readonly times: number }
  | { readonly do: 'answer' | 'fail'; readonly place: number }
  | { readonly do: 'elapse'; readonly ms: number }
  | { readonly do: 'invalidate' | 'drop'; readonly tool: number; readonly place: number };

const place = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      tool: place,
      arg: fc.constantFrom('a', 'b'),
      place,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('answer' as const, 'fail' as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('elapse' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('invalidate' as const, 'drop' as const), tool: place, place }),
  },
);

/** Sets up six tools that hold every call, and four places to call them from. */
function givenTools() {
  const clock = manualClock();
  const log = eventLog();
  const cache = createToolCache({ clock, onEvent: log.listener });
  const run = heldTool<[unknown], unknown>();
  const timed = { ttl: '60s', staleWhileRevalidate: '20s' } as const;
  const tools = [
    cache.read(run, { name: 'own', resource: 'x', ...timed }),
    cache.read(run, { name: 'shared', resource: (id) => ['x', String(id)], scope: 'user', ...timed }),
    cache.read(run, { name: 'public', resource: ['y'], scope: 'global', ttl: '30s', staleIfError: '60s' }),
    cache.write(run, { name: 'write_x', invalidates: 'x', scope: 'global' }),
    cache.write(run, { name: 'write_own', invalidates: (id) => ['x', String(id)] }),
    cache.write(run, { name: 'write_y', invalidates: 'y', scope: 'global', barrier: { maxDuration: '10s' } }),
  ];
  const limits = { maxToolRepeats: 4, maxExecutionDepth: 25 };
  const parent = cache.openSession({ id: 'parent', userId: 'ada', onLoop: 'short_circuit', ...limits });
  const sessions: (Session | undefined)[] = [
    parent,
    parent.child(),
    cache.openSession({ id: 'other', userId: 'ada', ...limits }),
    undefined,
  ];
  return { clock, log, cache, run, tools, sessions };
}

describe('metrics', () => {
  it('say what the events say, for cache, tools, resources, sessions and the process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const before = globalMetrics();
        const { clock, log, cache, run, tools, sessions } = givenTools();
        let settled = 0;
        for (const now of steps) {
          if (now.do === 'elapse') await clock.advance(now.ms);
          else if (now.do === 'invalidate') await (sessions[now.place] ?? cache).invalidate('x', ['y', 'z']);
          else if (now.do === 'drop') {
            const drop = () => (tools[now.tool % 3] as (typeof tools)[number]).invalidate('a');
            await (sessions[now.place]?.run(drop) ?? drop());
          } else if (now.do === 'call') {
            const tool = tools[now.tool] as (typeof tools)[number];
            const session = sessions[now.place % sessions.length];
            const call = session === undefined ? tool : tool.with({ session });
            for (let time = 0; time < now.times; time += 1) call(now.arg).catch(() => undefined);
          } else if (settled < run.calls.length) {
            const call = run.calls[settled] as (typeof run.calls)[number];
            settled += 1;
            if (now.do === 'fail') call.fail(new Error('no luck'));
            else call.answer(now.place === 5 ? undefined : { settled });
          }
          await quiescence();
        }
        while (settled < run.calls.length) {
          run.calls[settled]?.answer('at last');
          settled += 1;
          await quiescence();
        }

        const { tools: byTool, resources, ...sums } = cache.metrics();
        const totals = onlyCounts(sums);
        expect(totals).toEqual(count(log.events));
        expect(difference(globalMetrics(), before)).toEqual(totals);
        for (const tool of tools) {
          const own = log.events.filter((event) => 'toolName' in event && event.toolName === tool.tool.name);
          expect(tool.metrics()).toEqual(count(own));
          expect(byTool[tool.tool.name]).toEqual(tool.metrics());
        }
        for (const session of sessions) {
          const own = log.events.filter(
            ({ sessionId }) => session !== undefined && sessionId?.startsWith(session.id) === true,
          );
          if (session !== undefined) expect(session.metrics()).toEqual(count(own));
        }
        const onX = log.events.filter((event) => touches(event, 'x', ['own', 'shared', 'write_x', 'write_own']));
        const { hits, misses, coalesced, stale, superseded, invalidations } = count(onX);
        const expected = { hits, misses, coalesced, stale, superseded, invalidations };
        expect(resources['x'] ?? emptyMetrics).toMatchObject(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('count an invalidation by a session for the session', async () => {
    const cache = createToolCache();
    await cache.session({ id: 'a' }, async (session) => {
      await session.invalidate('x');
      expect(cache.metrics().invalidations).toBe(1);
      expect(session.metrics().invalidations).toBe(1);
    });
  });

  it('count an invalidation by a write tool without the write for the tool', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const write = cache.write(async () => 1, { name: 'write', invalidates: 'x', scope: 'global' });
    await write.invalidate();
    expect(cache.metrics().invalidations).toBe(1);
    expect(write.metrics().invalidations).toBe(1);
    expect(log.of('resources-invalidated')).toMatchObject([{ cause: 'manual', toolName: 'write' }]);
  });

  it('count a write in a narrow scope that has nobody to belong to as executed, not as a read past the cache', async () => {
    const cache = createToolCache();
    await cache.write(async () => 1, { name: 'write', invalidates: 'x' })();
    expect(cache.metrics()).toMatchObject({ upstreamCalls: 1, bypassed: 0 });
  });
});

const emptyMetrics = count([]);

function onlyCounts(metrics: Metrics): Metrics {
  const names = Object.keys(emptyMetrics) as (keyof Metrics)[];
  return Object.fromEntries(names.map((name) => [name, metrics[name]])) as unknown as Metrics;
}

function touches(event: KeepstepEvent, root: string, tools: readonly string[]): boolean {
  if (event.type === 'resources-invalidated') return event.resources.some(([first]) => first === root);
  // Dropping one call is nothing that happened to the data.
  return event.type !== 'entry-deleted' && 'toolName' in event && tools.includes(event.toolName ?? '');
}
