import { describe, expect, it } from 'vitest';

import { exploreInterleavings, type Process } from './interleavings.ts';

function* steps(count: number): Process {
  for (let step = 1; step < count; step += 1) yield `step ${step}`;
  return `step ${count}`;
}

describe('exploreInterleavings', () => {
  it.each([
    { lengths: [1], schedules: 1 },
    { lengths: [1, 1], schedules: 2 },
    { lengths: [3, 2], schedules: 10 },
    { lengths: [2, 2, 2], schedules: 90 },
    { lengths: [5, 5, 3], schedules: 72_072 },
  ])('runs every order of processes of $lengths steps: $schedules', async ({ lengths, schedules }) => {
    const explored = await exploreInterleavings(() => ({
      processes: Object.fromEntries(lengths.map((length, index) => [`p${index}`, steps(length)])),
    }));
    expect(explored.schedules).toBe(schedules);
    expect(explored.steps).toBe(schedules * lengths.reduce((one, other) => one + other));
    expect(explored.failures).toBe(0);
  });

  it('runs no order twice', async () => {
    const seen: string[] = [];
    await exploreInterleavings(() => {
      const order: string[] = [];
      function* process(name: string): Process {
        order.push(name);
        yield 'one';
        order.push(name);
        return 'two';
      }
      return { processes: { a: process('a'), b: process('b') }, check: () => void seen.push(order.join('')) };
    });
    expect(seen.sort()).toEqual(['aabb', 'abab', 'abba', 'baab', 'baba', 'bbaa']);
  });

  it('finds the lost update of two increments, and shows the schedule with the fewest turns', async () => {
    const explored = await exploreInterleavings(() => {
      let count = 0;
      function* increment(): Process {
        const read = count;
        yield 'read';
        count = read + 1;
        return 'write';
      }
      return {
        processes: { a: increment(), b: increment() },
        check: () => expect(count).toBe(2),
      };
    });
    expect([explored.schedules, explored.failures]).toEqual([6, 4]);
    expect(explored.counterexample?.trace).toEqual(['a: read', 'b: read', 'b: write', 'a: write']);
  });

  it('checks the invariant after every step', async () => {
    const explored = await exploreInterleavings(() => {
      let isOpen = false;
      function* door(): Process {
        isOpen = true;
        yield 'open';
        isOpen = false;
        return 'close';
      }
      return {
        processes: { door: door(), other: steps(1) },
        invariant: () => expect(isOpen).toBe(false),
      };
    });
    expect(explored.failures).toBe(explored.schedules);
  });

  it('lets a process wait for another, and reports one that waits for ever', async () => {
    const explored = await exploreInterleavings(() => {
      let isReady = false;
      function* waits(): Process {
        yield { step: 'ask', until: () => isReady };
        return 'go on';
      }
      function* prepares(): Process {
        yield 'prepare';
        isReady = true;
        return 'ready';
      }
      return { processes: { waits: waits(), prepares: prepares() } };
    });
    expect([explored.schedules, explored.failures]).toEqual([3, 0]);

    const stuck = await exploreInterleavings(() => {
      function* waits(): Process {
        yield { step: 'ask', until: () => false };
      }
      return { processes: { waits: waits() } };
    });
    expect(stuck.counterexample).toEqual({ trace: ['waits: ask'], error: new Error('waits wait for ever.') });
  });

  it('awaits a promise within one step', async () => {
    const explored = await exploreInterleavings(async () => {
      const log: string[] = [];
      function* asks(name: string): Process {
        log.push(`${name} asks`);
        const answer = yield Promise.resolve('the answer');
        log.push(`${name} has ${answer}`);
        yield 'ask';
        try {
          yield Promise.reject(new Error('no'));
        } catch {
          log.push(`${name} fails`);
        }
      }
      return {
        processes: { a: asks('a'), b: asks('b') },
        check: async () => {
          expect(log).toHaveLength(6);
          for (const [index, line] of log.entries())
            if (line.endsWith('asks')) expect(log[index + 1]).toContain('has the answer');
        },
      };
    });
    expect([explored.schedules, explored.failures]).toEqual([6, 0]);
  });

  it('takes a process that throws for a failure, and runs the others on', async () => {
    const explored = await exploreInterleavings(() => {
      // oxlint-disable-next-line require-yield
      function* throws(): Process {
        throw new Error('broken');
      }
      return { processes: { throws: throws(), other: steps(2) } };
    });
    expect([explored.schedules, explored.failures]).toEqual([3, 3]);
    expect(explored.counterexample?.error).toEqual(new Error('broken'));
    expect(explored.counterexample?.trace).toHaveLength(3);
  });

  it('fails rather than leave schedules out', async () => {
    const build = () => ({ processes: { a: steps(5), b: steps(5) } });
    await expect(exploreInterleavings(build, { maxSchedules: 251 })).rejects.toThrow('more than 251 schedules');
    expect((await exploreInterleavings(build, { maxSchedules: 252 })).schedules).toBe(252);
  });

  it('refuses a scenario that depends on more than the schedule', async () => {
    let built = 0;
    const exploring = exploreInterleavings(() => {
      built += 1;
      return { processes: { a: steps(2), ...(built === 1 ? { b: steps(2) } : {}) } };
    });
    await expect(exploring).rejects.toThrow('depends on more than the schedule');
  });
});
