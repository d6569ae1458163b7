import { valkeyStore } from '@keepstep/core/valkey';

import { drawSetup, type SetupFocus } from './episode-setup.ts';
import { runEpisode, type EpisodeCounts, type EpisodeResult } from './episode.ts';
import { LuaMachine } from './lua/lua-machine.ts';

/** Says what to simulate. */
export interface SimulationOptions {
  /** Is the seed of the first simulation; each further one takes the next number. */
  readonly seed: number;
  /** Is the number of operations in all. */
  readonly operations: number;
  /** Is the number of operations of one simulation. */
  readonly episode: number;
  /** Fixes a part of what is otherwise drawn. */
  readonly focus?: SetupFocus | undefined;
  /** Changes the text of a script before the server compiles it. */
  readonly prepareScript?: ((text: string) => string) | undefined;
  /** Learns of each simulation that has ended. */
  readonly onEpisode?: (result: EpisodeResult, totals: Totals) => void;
}

/** Adds up what happened in all simulations. */
type Totals = { -readonly [Name in keyof EpisodeCounts]: number } & { episodes: number };

/** Is what became of all simulations. */
export interface SimulationResult {
  readonly totals: Totals;
  /** Is the first simulation in which something happened that must not; nothing is simulated after it. */
  readonly failed: EpisodeResult | undefined;
  /** Is the digest of the last one. */
  readonly digest: string;
}

/** Runs simulations, one after the other, until there were enough operations, or one fails. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  // Loaded now, so that nothing of it is loaded while time stands still.
  await import('iovalkey');
  const machine = await LuaMachine.create();
  const parts = { machine, openStore, prepareScript: options.prepareScript };
  const totals = { episodes: 0 } as Totals;
  const strays: unknown[] = [];
  process.on('unhandledRejection', (error) => strays.push(error));
  let digest = '';
  for (let { seed } = options; (totals.operations ?? 0) < options.operations; seed += 1) {
    const ended = await runEpisode(drawSetup(seed, options.focus), options.episode, parts);
    const result = strays.length === 0 ? ended : withStrays(ended, strays);
    digest = result.digest;
    add(totals, result.counts);
    options.onEpisode?.(result, totals);
    if (result.violations.length > 0) return { totals, failed: result, digest };
  }
  return { totals, failed: undefined, digest };
}

const openStore: Parameters<typeof runEpisode>[2]['openStore'] = (process, clock, { partitions, maxTags }) =>
  valkeyStore({ url: `valkey://${process}:6379`, clock, partitions, maxTags, lease: '2s' });

/** What nobody has caught would have ended the process of a user. */
function withStrays(result: EpisodeResult, strays: readonly unknown[]): EpisodeResult {
  const texts = strays.map((error) => `nobody caught: ${error instanceof Error ? error.stack : String(error)}`);
  return { ...result, violations: [...result.violations, ...texts] };
}

function add(totals: Totals, counts: EpisodeCounts): void {
  totals.episodes += 1;
  for (const [name, count] of Object.entries(counts) as [keyof EpisodeCounts, number][]) {
    totals[name] = name === 'longestMs' ? Math.max(totals[name] ?? 0, count) : (totals[name] ?? 0) + count;
  }
}
