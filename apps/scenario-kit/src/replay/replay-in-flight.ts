import { seededRandom } from '../apis/seeded-random.ts';
import type { ReplayResult } from './replay-result.ts';
import { callOf, countsOf, readThrough, type ReplayOptions } from './replay-in-turn.ts';
import { isStale, RetailDatabase } from './retail-database.ts';
import type { RetailCall, RetailSession } from './retail-sessions.ts';

/** Is a session that is under way. */
interface Traveller {
  readonly calls: readonly RetailCall[];
  position: number;
  /** Is its call that has started and not finished. */
  flight: Flight | undefined;
}

/** Is a call that hangs between its two halves until `finish` is called. */
interface Flight {
  readonly finish: () => void;
  isOver: boolean;
}

/**
 * Replays sessions whose calls overlap: each step either starts a call or finishes one that has started, so loads are
 * under way while writes happen, and writes while loads do.
 *
 * The database looks at its data or changes it at either end of a call, by chance. The load that looks at the beginning
 * and answers at the end is the dangerous one: it may carry a value from before a write into the time after it.
 */
export async function replayInFlight(
  sessions: readonly RetailSession[],
  options: ReplayOptions,
): Promise<ReplayResult> {
  const { concurrency, seed } = options;
  const random = seededRandom(seed);
  const database = new RetailDatabase();
  const waiting = sessions.map(({ calls }): Traveller => ({ calls, position: 0, flight: undefined }));
  const underWay: Traveller[] = [];
  let stale = 0;

  const start = (call: RetailCall): Flight => {
    const gate = Promise.withResolvers<void>();
    const flight: Flight = { finish: gate.resolve, isOver: false };
    const isEarly = random() < 0.5;
    void run(call, isEarly, gate.promise).then((wasStale) => {
      flight.isOver = true;
      if (wasStale) stale += 1;
    });
    return flight;
  };

  /** Runs a call; tells whether it showed something older than it may. */
  const run = async (call: RetailCall, isEarly: boolean, released: Promise<void>): Promise<boolean> => {
    const { cache, policies } = options;
    if (call.kind === 'read') {
      const allowed = database.oldestAllowed(call);
      const seen = await readThrough(cache, policies, call, async () => {
        const early = database.read(call);
        await released;
        return isEarly ? early : database.read(call);
      });
      return seen !== undefined && isStale(seen, allowed);
    }
    if (call.kind !== 'write') return false;
    await cache.call(callOf(call), policies.of(call), async () => {
      if (isEarly) database.write(call);
      await released;
      if (!isEarly) database.write(call);
    });
    database.acknowledge(call);
    return false;
  };

  while (waiting.length > 0 || underWay.length > 0) {
    underWay.push(...waiting.splice(0, concurrency - underWay.length));
    const drawn = Math.floor(random() * underWay.length);
    const traveller = underWay[drawn]!;
    if (traveller.flight === undefined) traveller.flight = start(traveller.calls[traveller.position]!);
    else traveller.flight.finish();
    await everythingThatCanHappen();
    // One that has joined another's load is over when that one is, and not when its own turn comes.
    if (!traveller.flight.isOver) continue;
    traveller.flight = undefined;
    traveller.position += 1;
    if (traveller.position === traveller.calls.length) underWay.splice(drawn, 1);
  }
  return { ...countsOf(options.cache), stale };
}

function everythingThatCanHappen(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
