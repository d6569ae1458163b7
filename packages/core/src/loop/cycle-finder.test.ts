import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CycleFinder, MAX_PERIOD } from './cycle-finder.ts';

// One object for each letter: the finder compares by identity.
const LETTERS = new Map('abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => [letter, { letter }]));
type Letter = { letter: string };

function push(finder: CycleFinder<Letter>, text: string): void {
  for (const letter of text) finder.push(LETTERS.get(letter));
}

function roundAfter(text: string): string | undefined {
  const finder = new CycleFinder<Letter>();
  push(finder, text);
  return finder
    .round()
    ?.calls.map((call) => call.letter)
    .join('');
}

/** How many letters at the end equal the letter `period` before them. */
function naiveRun(text: string, period: number): number {
  let run = 0;
  while (text.length - 1 - run >= period && text.at(-1 - run) === text.at(-1 - run - period)) run++;
  return run;
}

/** The shortest text of 2 to 8 letters, not all the same, that stands twice at the end. */
function naiveRound(text: string): string | undefined {
  for (let period = 2; period <= MAX_PERIOD; period++) {
    const round = text.slice(-period);
    if (text.length >= 2 * period && text.endsWith(round + round) && new Set(round).size > 1) return round;
  }
  return undefined;
}

const sequences = fc
  .integer({ min: 2, max: 4 })
  .chain((size) =>
    fc.string({ unit: fc.constantFrom(...['a', 'b', 'c', 'd'].slice(0, size)), maxLength: 200, size: 'max' }),
  );

describe('a cycle finder', () => {
  test.each([2, 3, 4, 5, 6, 7, 8])(
    'sees a round of %i calls when it closes for the second time, not before',
    (period) => {
      const round = 'abcdefgh'.slice(0, period);
      expect(roundAfter((round + round).slice(0, -1))).toBeUndefined();
      expect(roundAfter(round + round)).toBe(round);
    },
  );

  test('does not see a round of nine calls', () => {
    expect(roundAfter('abcdefghi'.repeat(5))).toBeUndefined();
  });

  test('takes one call over and over for a repetition, not for a round', () => {
    expect(roundAfter('a'.repeat(50))).toBeUndefined();
  });

  test('sees a round in which a call stands twice', () => {
    expect(roundAfter('abbab')).toBeUndefined();
    expect(roundAfter('abbabb')).toBe('abb');
  });

  test('sees the shortest round', () => {
    expect(roundAfter('abababab')).toBe('ab');
  });

  test('sees a round after an unrelated beginning', () => {
    expect(roundAfter('xyzabcabc')).toBe('abc');
  });

  test('goes on seeing the round, rotated, while it goes on', () => {
    expect(roundAfter('ababa')).toBe('ba');
    expect(roundAfter('ababab')).toBe('ab');
    expect(roundAfter('ababc')).toBeUndefined();
  });

  test('takes a call that cannot be identified for one that equals no other', () => {
    const finder = new CycleFinder<Letter>();
    for (let i = 0; i < 4; i++) {
      push(finder, 'a');
      finder.push(undefined);
    }
    expect(finder.round()).toBeUndefined();
    expect(finder.runs.every((run) => run === 0)).toBe(true);
  });

  test('counts how long the run is', () => {
    const finder = new CycleFinder<Letter>();
    push(finder, 'abcabcab');
    expect(finder.round()?.run).toBe(5);
  });

  test('keeps the runs and finds the rounds that a naive search finds, after each call of any sequence', () => {
    fc.assert(
      fc.property(sequences, (text) => {
        const finder = new CycleFinder<Letter>();
        const seen = text.split('').map((letter) => {
          push(finder, letter);
          return {
            runs: [...finder.runs],
            round: finder
              .round()
              ?.calls.map((call) => call.letter)
              .join(''),
          };
        });
        const expected = text
          .split('')
          .map((_, i) => text.slice(0, i + 1))
          .map((start) => ({
            runs: [1, 2, 3, 4, 5, 6, 7, 8].map((period) => naiveRun(start, period)),
            round: naiveRound(start),
          }));
        expect(seen).toEqual(expected);
      }),
    );
  });

  test('continues from what another finder held', () => {
    const finder = new CycleFinder<Letter>();
    push(finder, 'abcab');
    const other = new CycleFinder([...finder.recent], [...finder.runs]);
    push(other, 'c');
    expect(other.round()?.calls.map((call) => call.letter)).toEqual(['a', 'b', 'c']);
  });
});
