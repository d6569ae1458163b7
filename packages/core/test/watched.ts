/** Shows what has become of a promise so far. */
export interface Watched<Value> {
  state: 'pending' | 'fulfilled' | 'rejected';
  value?: Value;
  error?: unknown;
}

/** Watches a promise without waiting for it, so that one that hangs fails an expectation and not the test run. */
export function watched<Value>(promise: Promise<Value>): Watched<Value> {
  const watch: Watched<Value> = { state: 'pending' };
  promise.then(
    (value) => Object.assign(watch, { state: 'fulfilled', value }),
    (error: unknown) => Object.assign(watch, { state: 'rejected', error }),
  );
  return watch;
}
