import { spreadOf } from '../measure/spread.ts';
import type { Entrant, Row } from './table.ts';

/**
 * Makes rows of what was measured.
 *
 * A ratio is the median of the ratios within each round, so that it holds however busy the machine was.
 *
 * @param laps are the figures of each entrant, round by round; undefined where there are none
 */
export function rowsOf(entrants: readonly Entrant[], laps: readonly (readonly number[] | undefined)[]): Row[] {
  const base = laps[0] ?? [];
  return entrants.map((entrant, place) => {
    const rounds = laps[place];
    if (rounds === undefined) return { ...entrant, figure: null, ratio: null, rounds: [] };
    const ratios = rounds.map((figure, round) => figure / (base[round] as number));
    return { ...entrant, figure: spreadOf(rounds), ratio: spreadOf(ratios).median, rounds };
  });
}
