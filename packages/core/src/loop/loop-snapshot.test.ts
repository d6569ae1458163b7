import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Clock } from '../clock.ts';
import { InvalidArgumentError, type LoopFinding } from '../errors.ts';
import { LoopDetector } from './loop-detector.ts';
import {
  resolveLoopOptions,
  resolveToolLoopOptions,
  type LoopOptions,
  type ResolvedToolLoopOptions,
} from './loop-policy.ts';
import { parseLoopSnapshot } from './loop-snapshot.ts';

type Step = { tool: string; identified: boolean; answer: string; pause: number };

const POLICIES: Record<string, ResolvedToolLoopOptions | undefined> = {
  poll: resolveToolLoopOptions({ poll: { maxUnchanged: 4, minIntervalMs: 10 } }),
  exempt: resolveToolLoopOptions({ exempt: true }),
};

class Game {
  #now = 0;
  readonly #options: LoopOptions;
  readonly #clock: Clock = { now: () => this.#now, after: () => () => {} };
  detector: LoopDetector;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.detector = new LoopDetector(resolveLoopOptions(options), { clock: this.#clock });
  }

  play(steps: readonly Step[]): (LoopFinding | undefined)[] {
    return steps.map(({ tool, identified, answer, pause }) => {
      this.#now += pause;
      const call = this.detector.begin(tool, identified ? `${tool} secret` : undefined, POLICIES[tool]);
      const { finding } = call;
      this.detector.end(call, finding === undefined ? answer : undefined, POLICIES[tool]);
      return finding;
    });
  }

  restart(): void {
    const json: unknown = JSON.parse(JSON.stringify(this.detector));
    this.detector = LoopDetector.fromJSON(json, resolveLoopOptions(this.#options), { clock: this.#clock });
  }
}

const step = (tool: string): Step => ({ tool, identified: true, answer: 'private', pause: 1 });

describe('a snapshot', () => {
  test('holds counters and digests, no arguments and no results', () => {
    const game = new Game({});
    game.play([step('a'), step('poll'), { ...step('b'), identified: false }]);
    const text = JSON.stringify(game.detector);
    expect(text).not.toMatch(/secret|private/);
    expect(JSON.parse(text)).toEqual({
      version: 1,
      total: 3,
      calls: [
        { digest: expect.stringMatching(/^[\w-]{43}$/), tool: 'a', count: 1 },
        {
          digest: expect.stringMatching(/^[\w-]{43}$/),
          tool: 'poll',
          count: 1,
          streak: { answer: expect.stringMatching(/^[\w-]{43}$/), unchanged: 1, hasty: 1, answeredAt: 2 },
        },
      ],
      recent: [-1, 0, -1, -1, -1, -1, -1, -1],
      runs: [0, 0, 0, 0, 0, 0, 0, 0],
    });
  });

  test('changes nothing in later verdicts, wherever the session is cut and however often', () => {
    const steps = fc.array(
      fc.record({
        tool: fc.constantFrom('a', 'b', 'c', 'poll', 'exempt'),
        identified: fc.integer({ min: 0, max: 19 }).map((n) => n > 0),
        answer: fc.constantFrom('same', 'same', 'same', 'other'),
        pause: fc.constantFrom(0, 5, 10, 50),
      }),
      { maxLength: 100, size: 'max' },
    );
    const options = fc.record({
      maxToolRepeats: fc.constantFrom(1, 3, 30, Infinity),
      maxExecutionDepth: fc.constantFrom(20, 80, Infinity),
    });
    const cuts = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(steps, options, cuts, (all, limits, places) => {
        const cutGame = new Game(limits);
        const findings = all.flatMap((one, i) => {
          if (places.includes(i)) cutGame.restart();
          return cutGame.play([one]);
        });
        const game = new Game(limits);
        expect(findings).toEqual(game.play(all));
        expect(cutGame.detector.toJSON()).toEqual(game.detector.toJSON());
      }),
      { numRuns: 300 },
    );
  });

  test('is not touched by the detector that continues it, nor by the one it was taken from', () => {
    const game = new Game({});
    game.play([step('a'), step('b'), step('a')]);
    const snapshot = game.detector.toJSON();
    const text = JSON.stringify(snapshot);
    game.play([step('b'), step('c')]);
    game.detector = LoopDetector.fromJSON(snapshot, resolveLoopOptions());
    game.play([step('b'), step('c')]);
    expect(JSON.stringify(snapshot)).toBe(text);
  });

  test('counts a call that was running, and lets it be made again', () => {
    const game = new Game({ maxToolRepeats: 1 });
    game.detector.begin('a', 'a secret');
    game.restart();
    expect(game.play([step('a')])[0]).toMatchObject({ rule: 'repeats', count: 2 });
  });

  test('counts on under a parent', () => {
    const root = new LoopDetector(resolveLoopOptions({ maxExecutionDepth: 2 }));
    const child = new LoopDetector(resolveLoopOptions(), { parent: root });
    const restored = LoopDetector.fromJSON(child.toJSON(), resolveLoopOptions(), { parent: root });
    const findings = ['a', 'b', 'c'].map((tool) => restored.begin(tool, tool).finding?.rule);
    expect(findings).toEqual([undefined, undefined, 'depth']);
  });
});

describe('what is no snapshot', () => {
  const snapshot = {
    version: 1,
    total: 1,
    calls: [{ digest: 'd', tool: 'a', count: 1 }],
    recent: Array(8).fill(-1),
    runs: Array(8).fill(0),
  };

  test('is told from one', () => {
    expect(parseLoopSnapshot(snapshot)).toBe(snapshot);
  });

  test.each([[undefined], [null], ['{}'], [[]], [{}], [{ ...snapshot, version: 2 }]])(
    'is refused by its version: %o',
    (value) => {
      expect(() => parseLoopSnapshot(value)).toThrow(
        /^Invalid argument "snapshot.version": received .*, allowed: 1\.$/,
      );
    },
  );

  test.each([
    ['total', undefined],
    ['total', '1'],
    ['calls', undefined],
    ['calls', {}],
    ['calls', [null]],
    ['calls', [{ digest: 'd', tool: 'a' }]],
    ['recent', []],
    ['recent', Array(8).fill('a')],
    ['runs', undefined],
    ['runs', Array(9).fill(0)],
  ])('is refused for its %s: %o', (name, value) => {
    const parse = (): unknown => parseLoopSnapshot({ ...snapshot, [name]: value });
    expect(parse).toThrow(InvalidArgumentError);
    expect(parse).toThrow('allowed: what toJSON() returned.');
  });
});
