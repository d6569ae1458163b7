import type { Clock } from '@keepstep/core';

/** Says how fast a stream is replayed. */
export interface ReplayPace {
  /** Is the pause between two parts, in milliseconds; 0 hands out all of them at once. */
  readonly paceMs: number;
  readonly clock: Clock;
  /** Ends the replay with an error. */
  readonly signal: AbortSignal | undefined;
}

/** Streams the parts of a response that is there already. */
export function replayStream<Part>(parts: readonly Part[], pace: ReplayPace): ReadableStream<Part> {
  if (pace.paceMs > 0) return pacedStream(parts, pace);
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

function pacedStream<Part>(parts: readonly Part[], { paceMs, clock, signal }: ReplayPace): ReadableStream<Part> {
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (next > 0 && next < parts.length) await pause(paceMs, clock, stop);
      stop.throwIfAborted();
      if (next === parts.length) return controller.close();
      controller.enqueue(parts[next] as Part);
      next += 1;
    },
    cancel: (reason) => left.abort(reason),
  });
}

/** Waits for a time, or until the signal fires, which is no error here. */
function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const leave = (): void => {
      cancel();
      resolve();
    };
    const cancel = clock.after(
      ms,
      () => {
        signal.removeEventListener('abort', leave);
        resolve();
      },
      true,
    );
    signal.addEventListener('abort', leave, { once: true });
  });
}
