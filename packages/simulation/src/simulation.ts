import { valkeyStore } from '@keepstep/core/valkey';
// Loaded now, so that nothing of it is loaded while time stands still.
import 'iovalkey';

import { drawSetup } from './episode-setup.ts';
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
  /** Changes the text of a script before the server compiles it. */
  readonly prepareScript?: ((text: string) => string) | undefined;
  /** Learns of each simulation that has ended. */
  readonly onEpisode?: (result: EpisodeResult, totals: Totals) => void;
}

/** Adds up what happened in all simulations. */
export type Totals = { -readonly [Name in keyof EpisodeCounts]: number } & { episodes: number };

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
  const machine = await LuaMachine.create();
  const parts = { machine, openStore, prepareScript: options.prepareScript };
  const totals = { episodes: 0 } as Totals;
  let digest = '';
  for (let { seed } = options; (totals.operations ?? 0) < options.operations; seed += 1) {
    const result = await runEpisode(drawSetup(seed), options.episode, parts);
    digest = result.digest;
    add(totals, result.counts);
    options.onEpisode?.(result, totals);
    if (result.violations.length > 0) return { totals, failed: result, digest };
  }
  return { totals, failed: undefined, digest };
}

const openStore: Parameters<typeof runEpisode>[2]['openStore'] = (process, clock, { partitions, maxTags }) =>
  valkeyStore({ url: `valkey://${process}:6379`, clock, partitions, maxTags, lease: '2s' });

function add(totals: Totals, counts: EpisodeCounts): void {
  totals.episodes += 1;
  for (const [name, count] of Object.entries(counts) as [keyof EpisodeCounts, number][]) {
    totals[name] = name === 'longestMs' ? Math.max(totals[name] ?? 0, count) : (totals[name] ?? 0) + count;
  }
}
