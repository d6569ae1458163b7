import type { ToolPolicy } from '../tool-policy.ts';
import type { AdapterTool, ToolInput } from './adapter-port.ts';
import { until } from './until.ts';

/** Is one run of a tool that waits until a case lets it go. */
interface HeldRun {
  readonly input: ToolInput;
  readonly signal: AbortSignal | undefined;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** Is a tool that counts its runs. */
export interface CountedTool extends AdapterTool {
  /** Counts the runs that have begun. */
  readonly runs: () => number;
}

/** Is a tool that waits, run by run, until a case lets it go. */
export interface HeldTool extends CountedTool {
  /** Waits until the tool was run so often, and returns the latest of these runs. */
  readonly started: (place: number) => Promise<HeldRun>;
}

/** Reads one thing, of which everybody may see the same. */
export const READ: ToolPolicy = { kind: 'read', scope: 'global' };
/** Reads the stock of an item. */
export const READ_STOCK: ToolPolicy = { kind: 'read', scope: 'global', resource: ({ item }) => ['stock', item] };
/** Changes the stock of an item. */
export const WRITE_STOCK: ToolPolicy = { kind: 'write', scope: 'global', invalidates: ({ item }) => ['stock', item] };

/** Creates a tool that counts its runs. Its answer, where none is given, is how often it was run. */
export function countedTool(
  name: string,
  policy: ToolPolicy | undefined,
  answer: (input: ToolInput, runs: number) => unknown = (_, runs) => runs,
): CountedTool {
  let runs = 0;
  return {
    name,
    policy,
    runs: () => runs,
    run(input) {
      runs += 1;
      return answer(input, runs);
    },
  };
}

/** Creates a tool that waits, run by run, until a case lets it go. */
export function heldTool(name: string, policy: ToolPolicy): HeldTool {
  const runs: HeldRun[] = [];
  return {
    name,
    policy,
    runs: () => runs.length,
    async started(place) {
      await until(`run ${place} of ${name}`, () => runs.length >= place);
      return runs[place - 1] as HeldRun;
    },
    run(input, { signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      runs.push({ input, signal, answer: resolve, fail: reject });
      return promise;
    },
  };
}

/** Creates a streaming tool that yields the given parts; the last is its result. An error among them is thrown. */
export function streamingTool(name: string, policy: ToolPolicy, parts: readonly unknown[]): CountedTool {
  let runs = 0;
  async function* stream(): AsyncGenerator<unknown, unknown> {
    runs += 1;
    for (const part of parts) {
      if (part instanceof Error) throw part;
      yield part;
    }
    return parts.at(-1);
  }
  return { name, policy, runs: () => runs, run: () => undefined, stream };
}
