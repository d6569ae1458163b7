import type { Clock } from '../clock.ts';
import type { KeepstepEvent } from '../events.ts';
import type { Scope } from '../scope.ts';
import type { StoredEntry } from '../store/entry-store.ts';
import { globalCounters, type CounterName, type Counters } from './counters.ts';
import type { EventBus } from './event-bus.ts';

/** Is what reports say about the call itself. */
export interface CallInfo {
  readonly toolName: string;
  readonly args: readonly unknown[];
  readonly toolCallId: string | undefined;
  readonly sessionId: string | undefined;
  /** Counts for the tool, and for the session and those above it. */
  readonly counters: readonly Counters[];
}

type ToolKind = 'read' | 'write' | 'other';
type CallFields = 'toolName' | 'args' | 'toolCallId' | 'sessionId';
type Without<Event, Fields extends PropertyKey> = Event extends unknown ? Omit<Event, Fields> : never;

/** Is what an event says beyond the call, the time and the cache. */
export type CallDetails = Without<Extract<KeepstepEvent, { readonly args: unknown }>, CallFields | 'at' | 'namespace'>;

/** Is what an event without a call says beyond the time and the cache. */
export type Details = Without<Exclude<KeepstepEvent, { readonly args: unknown }>, 'at' | 'namespace'>;

/**
 * Turns every decision into numbers and one event: the only place that does either, so the two always agree.
 *
 * An event is put together only if somebody listens.
 */
export class Reporter {
  readonly #namespace: string;
  readonly #clock: Clock;
  readonly #bus: EventBus;
  readonly #totals: readonly Counters[];

  constructor(namespace: string, clock: Clock, bus: EventBus, cache: Counters) {
    this.#namespace = namespace;
    this.#clock = clock;
    this.#bus = bus;
    this.#totals = [globalCounters, cache];
  }

  /** Tells whether anybody listens. */
  get observed(): boolean {
    return this.#bus.observed;
  }

  /** Reports a hit. */
  hit(info: CallInfo, entry: StoredEntry, scope: Scope, resources: readonly Counters[], now: number): void {
    const savedMs = entry.loadMs;
    this.unobservedHit(info.counters, entry, resources);
    if (this.#bus.observed) this.#emit(info, { type: 'cache-hit', scope, ageMs: now - entry.storedAt, savedMs });
  }

  /** Reports a hit that nobody listens to: without what only the event would say. */
  unobservedHit(counters: readonly Counters[], { loadMs }: StoredEntry, resources: readonly Counters[]): void {
    addHit(this.#totals, loadMs);
    addHit(counters, loadMs);
    addHit(resources, loadMs);
  }

  /** Reports a step of a call, and adds one to a number where the step counts. */
  call(info: CallInfo, details: CallDetails, counter?: CounterName, resources: readonly Counters[] = []): void {
    if (counter !== undefined) this.count(counter, info.counters, resources);
    if (this.#bus.observed) this.#emit(info, details);
  }

  /** Runs a tool and reports how it went. */
  async execution(info: CallInfo, kind: ToolKind, run: () => unknown): Promise<unknown> {
    const startedAt = this.#clock.now();
    let failure: { readonly error: unknown } | undefined;
    try {
      return await run();
    } catch (error) {
      failure = { error };
      throw error;
    } finally {
      this.executed(info, kind, this.#clock.now() - startedAt, failure);
    }
  }

  /** Reports that a tool has run. */
  executed(info: CallInfo, kind: ToolKind, durationMs: number, failure?: { readonly error: unknown }): void {
    const outcome = failure === undefined ? 'ok' : 'error';
    this.call(info, { type: 'tool-executed', kind, durationMs, outcome, ...failure }, 'upstreamCalls');
    if (failure !== undefined) this.count('errors', info.counters);
  }

  /** Reports what belongs to no call. */
  note(details: Details): void {
    if (this.#bus.observed) this.#bus.emit({ at: this.#clock.now(), namespace: this.#namespace, ...details });
  }

  /** Adds one to a number of the cache, the process, and the counters given. */
  count(counter: CounterName, ...groups: readonly (readonly Counters[])[]): void {
    addOne(this.#totals, counter);
    for (const group of groups) addOne(group, counter);
  }

  #emit({ sessionId, toolName, toolCallId, args }: CallInfo, details: CallDetails): void {
    const event = {
      at: this.#clock.now(),
      namespace: this.#namespace,
      sessionId,
      toolName,
      toolCallId,
      args,
      ...details,
    };
    this.#bus.emit(event);
  }
}

function addOne(group: readonly Counters[], counter: CounterName): void {
  for (const counters of group) counters[counter] += 1;
}

function addHit(group: readonly Counters[], savedMs: number): void {
  for (let index = 0; index < group.length; index += 1) {
    const counters = group[index] as Counters;
    counters.hits += 1;
    counters.savedMs += savedMs;
  }
}
