import type { Sink } from './sink.ts';

/** Calls a function that answers at once, with one input after the other, and returns the nanoseconds it took. */
export function timeCalls<Input>(
  call: (input: Input) => unknown,
  inputs: InputReel<Input>,
  turns: number,
  sink: Sink,
): number {
  const startedAt = process.hrtime.bigint();
  for (let turn = 0; turn < turns; turn += 1) sink.take(call(inputs.next()));
  return Number(process.hrtime.bigint() - startedAt);
}

/** Calls a function and awaits each answer before the next call, as an agent does. */
export async function timeAwaitedCalls<Input>(
  call: (input: Input) => unknown,
  inputs: InputReel<Input>,
  turns: number,
  sink: Sink,
): Promise<number> {
  const startedAt = process.hrtime.bigint();
  for (let turn = 0; turn < turns; turn += 1) sink.take(await call(inputs.next()));
  return Number(process.hrtime.bigint() - startedAt);
}

/** Hands out inputs, one per call. */
export interface InputReel<Input> {
  next(): Input;
}
