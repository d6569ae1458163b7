import { KeepstepError, type Session } from '@keepstep/core';

import type { Chance } from '../chance.ts';
import type { CounterOracle } from '../oracles/counter-oracle.ts';
import type { FreshnessOracle } from '../oracles/freshness-oracle.ts';
import { GROUPS, itemOf, itemsOf, ITEMS, pathOf } from './data.ts';
import { ToolFailure, type Loaded } from './loaded.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { GROUP_TTL_MS, type ToolWorld } from './tools.ts';
import type { Item } from './source.ts';

/** Is what operations need besides the tools. */
export interface OperationWorld extends ToolWorld {
  readonly freshness: FreshnessOracle;
  /** Knows which end of a session is the end of the opening that others work for. */
  readonly sessions: SessionLog;
  /** Learns of a write that has begun, and of what becomes of it. */
  readonly writes: WriteLog;
  /** Knows where counters must stand. */
  readonly counters: CounterOracle;
  /** Lists the keys of the general-purpose cache that processes set. */
  readonly keys: () => readonly string[];
  /** Says that the clock of the server goes right, so that times to live are kept. */
  readonly isTimely: boolean;
  /** Takes down what must never happen. */
  readonly violation: (text: string) => void;
}

/** Learns of writes: should the writer be killed, the barrier has to keep what it promised. */
interface WriteLog {
  begun(process: SimulatedProcess, id: string): { changed(versions: Loaded['versions']): void; over(): void };
}

/** Is called when a session is about to be ended; what it returns tells, once it has, whether that was the end for everybody. */
export type SessionEnding = () => () => boolean;

/** Learns of sessions: an id may be opened again, and to end an opening that is over ends nothing. */
interface SessionLog {
  opened(id: string, process: SimulatedProcess): SessionEnding;
}

/** Is how long a load and the way into the store may take before the time to live begins, in milliseconds. */
const LATEST_MS = 2_500;

/** Is one thing that a process does. */
export type Operation = () => Promise<void>;

/** Draws what a process does next. */
export class Operations {
  readonly #process: SimulatedProcess;
  readonly #world: OperationWorld;
  readonly #chance: Chance;
  readonly #sessions = new Map<string, Session>();
  readonly #endings = new WeakMap<Session, SessionEnding>();
  readonly #settings = new Map<string, Promise<void>>();
  #writes = 0;

  constructor(process: SimulatedProcess, world: OperationWorld) {
    this.#process = process;
    this.#world = world;
    this.#chance = world.chance;
  }

  /** Draws an operation, and says in a word what it is. */
  next(): readonly [what: string, run: Operation] {
    const { tools } = this.#process;
    const item = this.#item();
    const group = this.#chance.below(GROUPS);
    // The last group is read and never written: only its time to live ends what is known of it.
    const anyGroup = this.#chance.below(GROUPS + 1);
    return this.#chance.weighted<readonly [string, Operation]>([
      [30, ['read an item', () => this.#read(() => tools.readItem(item), 'all', [item])]],
      [8, ['read a group', () => this.#readGroup(anyGroup)]],
      [5, ['read a pair', () => this.#read(() => tools.readPair(item, this.#item()), 'all')]],
      [5, ['read the newest', () => this.#read(() => tools.readNewest(group), 'all')]],
      [14, ['read for a session', () => this.#readMine(item)]],
      [6, ['read for a user', () => this.#readOfUser(item)]],
      [
        5,
        [
          'write an item',
          () => this.#write([item], (id, done) => tools.writeItem.with({ toolCallId: id })([item], done)),
        ],
      ],
      [
        2,
        [
          'write a group',
          () => this.#write(itemsOf(group), (id, done) => tools.writeGroup.with({ toolCallId: id })(group, done)),
        ],
      ],
      [4, ['write without a barrier', () => this.#write([item], (_, done) => tools.writeBare([item], done))]],
      [4, ['invalidate', () => this.#write([item], async (_, done) => this.#changeAndInvalidate(item, done))]],
      [2, ['write for a session', () => this.#writeMine(item)]],
      [4, ['end a session', () => this.#endSession()]],
      [8, ['get a key', () => this.#get()]],
      [3, ['set a key', () => this.#set()]],
      [5, ['count', () => this.#count()]],
    ]);
  }

  async #read(read: () => Promise<Loaded>, owner: string, items?: readonly Item[]): Promise<void> {
    const finish = this.#world.freshness.startRead(this.#process.name);
    try {
      const loaded = await read();
      if (loaded.owner !== owner) this.#violation(`a read for ${owner} got what belongs to ${loaded.owner}`);
      if (items?.some((item) => loaded.versions[item] === undefined) === true) {
        this.#violation(`a read of ${items.join(', ')} got ${Object.keys(loaded.versions).join(', ')}`);
      }
      finish(loaded.versions);
    } catch (error) {
      this.#expectOwn(error);
    }
  }

  async #readGroup(group: number): Promise<void> {
    const { time } = this.#world;
    const startedAt = time.now;
    await this.#read(
      async () => {
        const loaded = await this.#process.tools.readGroup(group);
        if (this.#world.isTimely && startedAt - loaded.at > GROUP_TTL_MS + LATEST_MS) {
          this.#violation(
            `a read got what is ${Math.round(startedAt - loaded.at)} ms old, though it has a time to live`,
          );
        }
        return loaded;
      },
      'all',
      itemsOf(group),
    );
  }

  async #readMine(item: Item): Promise<void> {
    const session = this.#session();
    const read = this.#process.tools.readMine.with({ session });
    await this.#read(() => read(session.id, item), session.id, [item]);
  }

  async #readOfUser(item: Item): Promise<void> {
    const session = this.#session();
    const user = session.userId as string;
    await this.#read(() => this.#process.tools.readOfUser.with({ session })(user, item), user, [item]);
  }

  async #write(
    items: readonly Item[],
    run: (id: string, done: (versions: Loaded['versions']) => void) => Promise<void>,
  ): Promise<void> {
    const { freshness, flights, writes } = this.#world;
    const { name } = this.#process;
    const id = `${name}#${(this.#writes += 1)}`;
    const before = this.#process.unacknowledged;
    const finish = flights.startWrite(items);
    const log = writes.begun(this.#process, id);
    let versions: Loaded['versions'] = {};
    try {
      await run(id, (changed) => {
        versions = changed;
        log.changed(changed);
      });
    } catch (error) {
      this.#expectOwn(error);
    } finally {
      finish();
      log.over();
    }
    // Whoever was killed meanwhile cannot invalidate any more, and has nobody left to promise anything to.
    if (this.#process.isDead) return;
    for (const [item, version] of Object.entries(versions)) {
      freshness.promisedTo(name, item, version);
      if (this.#process.unacknowledged === before) freshness.promised(item, version);
    }
  }

  async #changeAndInvalidate(item: Item, done: (versions: Loaded['versions']) => void): Promise<void> {
    const { cache, tools } = this.#process;
    await tools.change([item], done).catch((error: unknown) => this.#expectOwn(error));
    // A store that cannot be told now is told later; until then nobody else was promised anything.
    await cache.invalidate([...pathOf(item)]).catch(() => undefined);
  }

  async #writeMine(item: Item): Promise<void> {
    const session = this.#session();
    const write = this.#process.tools.writeMine;
    const own = `${session.id}:${item}`;
    await this.#write([own], (id, done) => write.with({ session, toolCallId: id })(session.id, item, done));
  }

  /** Opens a session, or joins it: several processes work for the same one. */
  #session(): Session {
    const id = `s${this.#chance.below(3)}`;
    const open = this.#sessions.get(id);
    if (open !== undefined && !open.ended) return open;
    const session = this.#process.cache.openSession({ id, userId: `u${id.at(-1)}`, loopDetection: false });
    this.#sessions.set(id, session);
    this.#endings.set(session, this.#world.sessions.opened(id, this.#process));
    return session;
  }

  async #endSession(): Promise<void> {
    const { source, freshness } = this.#world;
    const session = this.#session();
    const ended = this.#endings.get(session)?.();
    // Whatever was loaded for the session until now is of no more use once the end has resolved.
    const version = source.change(session.id);
    this.#sessions.delete(session.id);
    await session.end();
    if (ended?.() === true) freshness.promised(session.id, version);
  }

  async #get(): Promise<void> {
    const key = this.#chance.one(this.#world.keys());
    const item = `plain/${key}`;
    await this.#read(
      () => this.#process.plain.get<Loaded>(key, { load: () => this.#process.tools.load(item, [item]) }),
      'all',
      [item],
    );
  }

  /** Sets or deletes a key of this process's own, one after the other: two writers of a key would have a race of their own. */
  async #set(): Promise<void> {
    const key = this.#chance.one(this.#process.keys);
    const turn = (this.#settings.get(key) ?? Promise.resolve()).then(() => this.#setNow(key));
    this.#settings.set(key, turn);
    await turn;
  }

  async #setNow(key: string): Promise<void> {
    const { source, freshness, flights } = this.#world;
    const { plain, name, isDead } = this.#process;
    if (isDead || !this.#process.keys.includes(key)) return;
    const item = `plain/${key}`;
    const finish = flights.startWrite([item]);
    const version = source.change(item);
    try {
      if (this.#chance.happens(0.3)) await plain.delete(key);
      else
        await plain.set(key, {
          versions: { [item]: version },
          owner: 'all',
          at: this.#world.time.now,
        } satisfies Loaded);
      freshness.promised(item, version);
      freshness.promisedTo(name, item, version);
    } catch {
      // Nothing was promised, and it may still happen, after whatever comes next: nobody can rely on this key any more.
      this.#process.retire(key);
    } finally {
      finish();
    }
  }

  async #count(): Promise<void> {
    const increment = this.#world.counters.begin();
    try {
      await this.#process.counters.increment(increment.counter);
      increment.acknowledged();
    } catch (error) {
      if (!KeepstepError.isInstance(error)) this.#violation(`counting failed in an unknown way: ${String(error)}`);
      else if (error.code !== 'outcome_unknown') increment.refused();
    }
  }

  #item(): Item {
    return itemOf(this.#chance.below(GROUPS), this.#chance.below(ITEMS));
  }

  #expectOwn(error: unknown): void {
    if (!(error instanceof ToolFailure))
      this.#violation(`a tool's caller got an error that is not the tool's: ${String(error)}`);
  }

  #violation(text: string): void {
    if (!this.#process.isDead) this.#world.violation(`${this.#process.name}: ${text}`);
  }
}
