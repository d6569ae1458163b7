import { quiescence } from './quiescence.ts';

/** Is one call of a held tool: it answers when the test says so. */
interface HeldCall<Args extends readonly unknown[], Result> {
  readonly args: Args;
  /** Lets the call succeed. */
  readonly answer: (result: Result) => void;
  /** Lets the call fail. */
  readonly fail: (error: unknown) => void;
}

/** Is a tool that holds every call until the test lets it go. */
export interface HeldTool<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /** Lists the calls that have begun, oldest first. */
  readonly calls: readonly HeldCall<Args, Result>[];
  /** Waits for everything that is on its way, and returns a call by its place, oldest first. */
  call(place: number): Promise<HeldCall<Args, Result>>;
}

/** Creates a tool that holds every call until the test lets it go: the only source of concurrency in these tests. */
export function heldTool<Args extends readonly unknown[], Result>(): HeldTool<Args, Result> {
  const calls: HeldCall<Args, Result>[] = [];
  async function held(...args: Args): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    calls.push({ args, answer: resolve, fail: reject });
    return promise;
  }
  async function call(place: number): Promise<HeldCall<Args, Result>> {
    await quiescence();
    const found = calls[place];
    if (found === undefined) throw new Error(`The tool has begun ${calls.length} calls, none has place ${place}.`);
    return found;
  }
  return Object.assign(held, { calls, call });
}
