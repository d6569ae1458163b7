/** Holds the errors of calls whose run was stopped. */
const stops = new WeakSet<object>();

/** Runs what listens to the signal of a run. Calls of other runs may join it, and must know when that run alone was stopped. */
export async function untilStopped<Result>(
  signal: AbortSignal | undefined,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true && Object(error) === error) stops.add(error as object);
    throw error;
  }
}

/** Tells whether a call failed since the run that it had joined was stopped, which says nothing about its own. */
export function wasStoppedElsewhere(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted !== true && Object(error) === error && stops.has(error as object);
}
