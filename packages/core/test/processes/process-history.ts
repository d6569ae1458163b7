import type { OperationRecord } from '../../src/testing/index.ts';
import { startChild, type Child } from '../sqlite/child.ts';
import type { ObjectKind } from './object-worker.ts';

/** Says what is done to one object by several processes. */
export interface HistoryPlan {
  readonly kind: ObjectKind;
  readonly object: string;
  readonly seed: number;
  /** Is how often each process does something. */
  readonly turns: number;
  /** Kills the last one of the processes when so much was called by all of them. Default: none is killed. */
  readonly killAfter?: number;
}

interface Message {
  readonly call?: string;
  readonly input?: unknown;
  readonly calledAt?: number;
  readonly output?: unknown;
  readonly outcome?: 'ok' | 'unknown' | 'none';
  readonly returnedAt?: number;
}

/** Starts processes that do things to objects of one store. */
export function startObjectProcesses(url: string, count: number, sabotage?: string): Promise<Child[]> {
  const clockBase = String(process.hrtime.bigint());
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      startChild('../processes/object-process.ts', { url, name: `${index}`, clockBase, sabotage }),
    ),
  );
}

/** Lets all processes work on one object at once, and returns the history of it. */
export async function processHistory<Input, Output>(
  children: readonly Child[],
  { killAfter = Infinity, seed, ...work }: HistoryPlan,
): Promise<OperationRecord<Input, Output>[]> {
  const calls = new Map<string, Message>();
  const returns = new Map<string, Message>();
  const victim = children.at(-1) as Child;
  const listen = (message: Message): void => {
    if (message.call === undefined) return;
    (message.calledAt === undefined ? returns : calls).set(message.call, message);
    if (calls.size === killAfter) victim.process.kill('SIGKILL');
  };
  for (const { process } of children) process.on('message', listen);
  await Promise.all(
    children.map(async (child, index) => {
      const done = child.ask({ do: 'work', ...work, seed: seed * 100 + index });
      await (child === victim && killAfter < Infinity ? done.catch(() => undefined) : done);
    }),
  );
  for (const { process } of children) process.off('message', listen);
  return ranked([...calls].flatMap(([call, message]) => recordOf(message, returns.get(call))));
}

/** An operation that had no answer may have happened; one that has failed for certain is no part of the history. */
function recordOf<Input, Output>(called: Message, returned: Message | undefined): OperationRecord<Input, Output>[] {
  if (returned?.outcome === 'none') return [];
  const shared = { input: called.input as Input, calledAt: called.calledAt as number };
  if (returned?.outcome !== 'ok') return [{ ...shared, output: undefined, outcome: 'unknown', returnedAt: Infinity }];
  return [{ ...shared, output: returned.output as Output, outcome: 'ok', returnedAt: returned.returnedAt as number }];
}

/** Numbers the moments, so that none comes twice; of two at once, a call comes before a return, which claims less. */
function ranked<Input, Output>(records: readonly OperationRecord<Input, Output>[]): OperationRecord<Input, Output>[] {
  const moments = records.flatMap(({ calledAt, returnedAt }, index) => [
    { index, at: calledAt, isReturn: false },
    { index, at: returnedAt, isReturn: true },
  ]);
  moments.sort((a, b) => (a.at === b.at ? Number(a.isReturn) - Number(b.isReturn) : a.at - b.at));
  const result = records.map((record) => ({ ...record }));
  for (const [rank, { index, isReturn }] of moments.entries()) {
    const record = result[index] as { calledAt: number; returnedAt: number };
    if (isReturn) record.returnedAt = rank;
    else record.calledAt = rank;
  }
  return result;
}
