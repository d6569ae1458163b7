import type { Clock } from '../../clock.ts';
import type { NearCache } from '../../near-cache/near-cache.ts';
import type { Barrier, SessionHandle } from '../../store/entry-store.ts';
import type { ClockFeeds } from './clock-feeds.ts';
import { drawNonce } from './entry-finder.ts';
import type { KeyLayout, Partition } from './key-layout.ts';
import { beginScript } from './lua/begin.generated.ts';
import { finishScript } from './lua/finish.generated.ts';
import { invalidateScript } from './lua/invalidate.generated.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/** Is what invalidations are made with. */
export interface InvalidationParts {
  readonly connection: ValkeyConnection;
  readonly layout: KeyLayout;
  readonly feeds: ClockFeeds;
  readonly near: NearCache;
  readonly clock: Clock;
  readonly maxTags: number;
  readonly invalidationBudgetMs: number;
  readonly agreed: () => MaybePromise<void>;
}

/**
 * Invalidates on the server: in every partition, or in that of one session.
 *
 * Done only once all of them have answered. All of it may be done twice, so what a lost connection leaves in doubt is simply
 * done again, for as long as the budget lasts and the server is not known to be down.
 */
export class Invalidations {
  readonly #parts: InvalidationParts;

  constructor(parts: InvalidationParts) {
    this.#parts = parts;
  }

  async invalidate(tags: readonly string[], session: SessionHandle | undefined): Promise<void> {
    if (tags.length === 0) return;
    await this.#everywhere(session, async (partition, keys) => {
      const args = [drawNonce(), this.#parts.maxTags, '0', partition.channel, ...tags];
      const [epoch, seq] = await this.#run(invalidateScript, [partition.clock, ...keys.slice(0, 1)], args);
      this.#note(partition, session, (mirror, known) => mirror.invalidated(known, seq, tags), epoch);
    });
  }

  async openBarrier({ id, tags, session }: Barrier, maxMs: number): Promise<void> {
    await this.#everywhere(session, async (partition, [target, holders]) => {
      const keys = [partition.clock, holders ?? partition.holders, ...(target === undefined ? [] : [target])];
      const args = [drawNonce(), id, Math.ceil(maxMs), partition.channel, ...tags];
      const [epoch, seq, deadline] = await this.#run(beginScript, keys, args);
      this.#note(partition, session, (mirror, known) => mirror.heldUp(known, seq, tags, deadline as number), epoch);
    });
  }

  async closeBarrier({ id, tags, session }: Barrier): Promise<void> {
    await this.#everywhere(session, async (partition, [target, holders]) => {
      const keys = [partition.clock, holders ?? partition.holders, ...(target === undefined ? [] : [target])];
      const args = [drawNonce(), id, this.#parts.maxTags, partition.channel, ...tags];
      const [epoch, seq] = await this.#run(finishScript, keys, args);
      this.#note(partition, session, (mirror, known) => mirror.invalidated(known, seq, tags), epoch);
    });
  }

  async clear(): Promise<void> {
    await this.#everywhere(undefined, async (partition) => {
      const args = [drawNonce(), this.#parts.maxTags, '1', partition.channel];
      const [epoch, seq] = await this.#run(invalidateScript, [partition.clock], args);
      this.#parts.feeds.of(partition).mirror.cleared(String(epoch), seq);
    });
    this.#parts.near.drop();
  }

  /** @param work is given the key of the session and that of its barriers' holders, if it is about a session */
  async #everywhere(
    session: SessionHandle | undefined,
    work: (partition: Partition, keys: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const { layout } = this.#parts;
    if (session !== undefined) {
      const keys = [layout.session(session), layout.sessionHolders(session)];
      return this.#persist(() => work(layout.ofSession(session.id), keys));
    }
    await Promise.all(layout.partitions.map((partition) => this.#persist(() => work(partition, []))));
  }

  async #persist(work: () => Promise<void>): Promise<void> {
    const { clock, connection, invalidationBudgetMs, agreed } = this.#parts;
    const deadline = clock.now() + invalidationBudgetMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        await agreed();
        return await work();
      } catch (error) {
        if (connection.isDown || clock.now() + pauseMs > deadline) throw error;
        await new Promise<void>((resolve) => void clock.after(pauseMs, resolve, true));
      }
    }
  }

  /** Takes note of it here, before anybody is told that it is done. */
  #note(
    partition: Partition,
    session: SessionHandle | undefined,
    note: (mirror: ReturnType<ClockFeeds['of']>['mirror'], epoch: string) => void,
    epoch: Buffer,
  ): void {
    const { feeds } = this.#parts;
    if (session === undefined) return note(feeds.of(partition).mirror, String(epoch));
    const own = feeds.ofSession(session);
    note(own.mirror, own.epochOf(String(epoch)));
  }

  async #run(
    script: Parameters<ValkeyConnection['run']>[0],
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<readonly [epoch: Buffer, seq: number, deadline?: number]> {
    return (await this.#parts.connection.run(script, true, keys, args)) as readonly [Buffer, number, number?];
  }
}

const FIRST_PAUSE_MS = 10;
