import type { KeepstepEvent, ToolCache } from '@keepstep/core';

/** Is how long a step waits for a store that is slow: what it has not taken by then is loaded again where it is needed. */
const PATIENCE_MS = 1000;

/** Knows which results are on their way to the store. A tool answers without waiting for it. */
export class StoredResults {
  readonly #pending = new Set<string>();
  #noticed: () => void = () => undefined;

  constructor(cache: ToolCache) {
    cache.on((event) => this.#note(event));
  }

  /** Waits until the store has, or has refused, what the calls so far have brought. */
  async settled(): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (this.#pending.size > 0 && !deadline.aborted) {
      await new Promise<void>((resolve) => {
        this.#noticed = resolve;
        deadline.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#pending.clear();
  }

  #note(event: KeepstepEvent): void {
    const { type } = event;
    if (type === 'cache-miss' && event.toolCallId !== undefined) this.#pending.add(event.toolCallId);
    const isOver = ['entry-stored', 'entry-rejected', 'entry-superseded'].includes(type);
    const hasFailed = type === 'tool-executed' && event.outcome === 'error';
    if ((isOver || hasFailed) && 'toolCallId' in event && this.#pending.delete(event.toolCallId ?? '')) this.#noticed();
  }
}
