import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkLinearizability, type OperationRecord, type SequentialModel } from './linearizability.ts';
import { seededRandom } from './seeded-random.ts';

type Input = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: number } | { readonly kind: 'add' };
type Operation = OperationRecord<Input, number>;

const register: SequentialModel<number, Input, number> = {
  initial: 0,
  step(state, input, output) {
    if (input.kind === 'write') return { state: input.value };
    const next = input.kind === 'add' ? state + 1 : state;
    return output === undefined || output === next ? { state: next } : undefined;
  },
  spell: String,
};

const read = (calledAt: number, returnedAt: number, output: number): Operation => ({
  input: { kind: 'read' },
  output,
  outcome: 'ok',
  calledAt,
  returnedAt,
});
const write = (calledAt: number, returnedAt: number, value: number): Operation => ({
  input: { kind: 'write', value },
  output: undefined,
  outcome: 'ok',
  calledAt,
  returnedAt,
});
const lost = (operation: Operation): Operation => ({ ...operation, output: undefined, outcome: 'unknown' });

describe('checkLinearizability', () => {
  it.each([
    ['nothing at all', []],
    ['one after the other', [write(1, 2, 5), read(3, 4, 5), write(5, 6, 7), read(7, 8, 7)]],
    ['a read during a write that sees it', [write(1, 4, 5), read(2, 3, 5)]],
    ['a read during a write that does not', [write(1, 4, 5), read(2, 3, 0)]],
    ['two writes at once, read in either order', [write(1, 4, 5), write(2, 3, 7), read(5, 6, 5), read(7, 8, 5)]],
    ['a lost write that was carried out', [lost(write(1, 2, 5)), read(3, 4, 0), read(5, 6, 5)]],
    ['a lost write that was never carried out', [lost(write(1, 2, 5)), read(3, 4, 0), read(5, 6, 0)]],
    ['two lost writes, one of them late', [lost(write(1, 2, 5)), lost(write(3, 4, 7)), read(5, 6, 7), read(7, 8, 5)]],
  ])('accepts %s', (_, history) => {
    expect(checkLinearizability(register, history)).toBe('linearizable');
  });

  it.each([
    ['a stale read', [write(1, 2, 5), read(3, 4, 0)]],
    ['a value that nobody wrote', [write(1, 2, 5), read(3, 4, 6)]],
    ['a read that goes back', [write(1, 8, 5), read(2, 3, 5), read(4, 5, 0)]],
    ['two writes at once, read in both orders', [write(1, 4, 5), write(2, 3, 7), read(5, 6, 5), read(7, 8, 7)]],
    ['a lost write that comes and goes', [lost(write(1, 2, 5)), read(3, 4, 5), read(5, 6, 0)]],
    ['a lost write that is seen before its call', [read(1, 2, 5), lost(write(3, 4, 5))]],
  ])('refuses %s', (_, history) => {
    expect(checkLinearizability(register, history)).toBe('not-linearizable');
  });

  it('agrees with trying every order', () => {
    const kind = fc.constantFrom<Input['kind']>('read', 'write', 'add');
    const operation = fc.record({
      kind,
      value: fc.nat(2),
      output: fc.nat(3),
      outcome: fc.constantFrom('ok', 'ok', 'unknown'),
    });
    const operations = fc.array(operation, { minLength: 1, maxLength: 5 });
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(operations, fc.infiniteStream(fc.nat(1_000)), (given, noise) => {
        const times = [...Array(given.length * 2).keys()]
          .map((time) => ({ time, order: noise.next().value as number }))
          .toSorted((a, b) => a.order - b.order)
          .map(({ time }) => time);
        const history = given.map(({ kind: of, value, output, outcome }, index): Operation => {
          const [first, second] = [times[2 * index] as number, times[2 * index + 1] as number];
          return {
            input: of === 'write' ? { kind: of, value } : { kind: of },
            output: outcome === 'unknown' ? undefined : output,
            outcome: outcome,
            calledAt: Math.min(first, second),
            returnedAt: Math.max(first, second),
          };
        });
        const expected = tryEveryOrder(history, 0) ? 'linearizable' : 'not-linearizable';
        if (expected === 'linearizable') accepted += 1;
        else refused += 1;
        expect(checkLinearizability(register, history)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });

  it('decides about a thousand operations of eight processes, and finds the one that was lost', () => {
    const random = seededRandom(42);
    const history: Operation[] = [];
    let [now, value] = [0, 0];
    const busyUntil = Array.from({ length: 8 }, () => 0);
    while (history.length < 1_000) {
      now += 1;
      const process = busyUntil.findIndex((until) => until < now);
      if (process < 0) continue;
      const returnedAt = now + Math.floor(random() * 16) + 0.1 + process / 100;
      busyUntil[process] = returnedAt;
      // It happens at its call: later operations return later or see it.
      value += 1;
      history.push({ input: { kind: 'add' }, output: value, outcome: 'ok', calledAt: now, returnedAt });
    }
    expect(checkLinearizability(register, history)).toBe('linearizable');
    const lower = (operation: Operation): Operation => ({ ...operation, output: (operation.output as number) - 1 });
    const repeated = [...history.slice(0, 500), ...history.slice(500).map(lower)];
    expect(checkLinearizability(register, repeated)).toBe('not-linearizable');
  });

  it('says that it has not decided when the budget is used up', () => {
    const history = Array.from({ length: 12 }, (_, index) => write(index, 100 + index, index));
    expect(checkLinearizability(register, [...history, read(200, 201, 99)], 50)).toBe('undecided');
  });
});

function tryEveryOrder(left: readonly Operation[], state: number): boolean {
  if (left.every(({ outcome }) => outcome === 'unknown')) return true;
  return left.some((operation) => {
    const others = left.filter((other) => other !== operation);
    if (others.some((other) => other.outcome === 'ok' && other.returnedAt < operation.calledAt)) return false;
    const after = register.step(state, operation.input, operation.output);
    return after !== undefined && tryEveryOrder(others, after.state);
  });
}
