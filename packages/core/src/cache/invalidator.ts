import { nextId } from '../id.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { CounterRegistry } from '../observe/counter-registry.ts';
import type { Counters } from '../observe/counters.ts';
import type { InvalidationJournal } from '../observe/invalidation-journal.ts';
import type { CallInfo, Reporter } from '../observe/reporter.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import { writeTags } from '../resource/resource-tags.ts';
import type { Place } from '../session/place.ts';
import type { EntryStore } from '../store/entry-store.ts';
import type { DirtyTags } from './dirty-tags.ts';

/** Invalidates resources: around a write, or because somebody said so. */
export class Invalidator {
  readonly #entries: EntryStore;
  readonly #reporter: Reporter;
  readonly #journal: InvalidationJournal;
  readonly #dirty: DirtyTags;
  readonly #resourceCounters: CounterRegistry;

  constructor(
    entries: EntryStore,
    reporter: Reporter,
    journal: InvalidationJournal,
    dirty: DirtyTags,
    resourceCounters: CounterRegistry,
  ) {
    this.#entries = entries;
    this.#reporter = reporter;
    this.#journal = journal;
    this.#dirty = dirty;
    this.#resourceCounters = resourceCounters;
  }

  /**
   * Invalidates resources now; resolves once no later read can see what was loaded before. Rejects when the store fails:
   * this process then serves nothing that depends on them until the store has taken note, and goes on trying.
   *
   * @param counters count for whoever asked: a session, a tool
   */
  async invalidate(
    { tree, session, scope }: Place,
    resources: readonly ResourcePath[],
    origin: { readonly sessionId?: string | undefined; readonly toolName?: string },
    counters: readonly Counters[],
  ): Promise<void> {
    if (resources.length === 0) return;
    const tags = writeTags(tree, resources);
    this.#journal.record(tags, { by: 'invalidate', resources });
    const failure = await this.#attempt('invalidate', tags, () => this.#entries.invalidate(tags, session));
    this.#reporter.count('invalidations', counters, this.#resourceCounters.ofResources(resources));
    this.#reporter.note({ type: 'resources-invalidated', scope, resources, cause: 'manual', ...origin });
    if (failure !== undefined) throw failure.error;
  }

  /**
   * Runs a write between the opening of a barrier, if it asks for one, and the invalidation, which happens whether the
   * write succeeds or not: one that timed out may have happened.
   *
   * A store that fails stops neither the write nor its result; the failure is reported, and made up for as above.
   */
  async around<R>(
    { tree, session, scope }: Place,
    resources: readonly ResourcePath[],
    barrierMs: number,
    { toolName, toolCallId, sessionId, counters }: CallInfo,
    write: () => Promise<R>,
  ): Promise<R> {
    if (resources.length === 0) return write();
    const tags = writeTags(tree, resources);
    const barrier = { id: nextId(), tags, session };
    const note = (cause: 'barrier' | 'write'): void => {
      this.#journal.record(tags, { by: toolName, resources });
      this.#reporter.note({ type: 'resources-invalidated', scope, resources, cause, toolName, toolCallId, sessionId });
    };
    if (barrierMs > 0) {
      await this.#attempt('openBarrier', undefined, () => this.#entries.openBarrier(barrier, barrierMs));
      note('barrier');
    }
    try {
      return await write();
    } finally {
      if (barrierMs > 0) await this.#attempt('closeBarrier', tags, () => this.#entries.closeBarrier(barrier));
      else await this.#attempt('invalidate', tags, () => this.#entries.invalidate(tags, session));
      note('write');
      this.#reporter.count('invalidations', counters, this.#resourceCounters.ofResources(resources));
    }
  }

  /** @param tags stay dirty until the call succeeds, if it fails now */
  async #attempt(
    operation: string,
    tags: readonly string[] | undefined,
    call: () => MaybePromise<void>,
  ): Promise<{ readonly error: unknown } | undefined> {
    try {
      await call();
      return undefined;
    } catch (error) {
      if (tags !== undefined) this.#dirty.add(tags, async () => call());
      this.#reporter.note({ type: 'store-error', operation, error });
      return { error };
    }
  }
}
