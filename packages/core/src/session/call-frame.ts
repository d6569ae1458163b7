import { GLOBAL_PLACE, isVisible, type Place } from './place.ts';

/** Marks work that other calls may be waiting for. */
export interface Blocker {
  /** Lists the work that this work itself waits for, once for each wait. */
  readonly blockedOn: Blocker[];
}

/**
 * Is one tool call on the stack of calls: what runs inside a tool's own code finds it.
 *
 * It serves two purposes. A call that is on the stack already is a recursion, and would wait for itself for ever. And a
 * result that was computed from other cached results depends on all that they depend on, and may be seen by nobody who
 * may not see them.
 */
export class CallFrame {
  /** Identifies the call: what it is loading, of which there may be more than one thing. */
  readonly keys: string[];
  readonly toolName: string;
  readonly parent: CallFrame | undefined;
  /** Is the load that this call is a part of, for which others may wait. */
  readonly blocker: Blocker | undefined;
  /** Tells that something was read inside of which nobody knows what it depends on. */
  isOpaque = false;
  // Most calls read nothing inside, and depend on what they declare alone: no set is made for that.
  #tags: readonly string[] | Set<string> | undefined;
  #places: Set<Place> | undefined;

  constructor(
    key: string,
    toolName: string,
    parent: CallFrame | undefined,
    blocker: Blocker | undefined = parent?.blocker,
  ) {
    this.keys = [key];
    this.toolName = toolName;
    this.parent = parent;
    this.blocker = blocker;
  }

  /** Lists the tags of everything that was read inside, each once. */
  get tags(): readonly string[] {
    return this.#tags instanceof Set ? [...this.#tags] : (this.#tags ?? []);
  }

  /**
   * Takes note of a read inside this call: what it depends on, and whose it is.
   *
   * @param tags lists each tag once, and does not change
   */
  absorb(tags: readonly string[], place: Place): void {
    this.#gather(tags);
    if (place !== GLOBAL_PLACE) (this.#places ??= new Set()).add(place);
  }

  /** Takes note that a call inside this one is over: what it depends on, this one depends on. */
  absorbCall(inner: CallFrame): void {
    if (inner.#tags !== undefined) this.#gather(inner.#tags);
    for (const place of inner.#places ?? []) (this.#places ??= new Set()).add(place);
    this.isOpaque ||= inner.isOpaque;
  }

  /** Returns a place that was read inside and whose results are not for all who may see those of `outer`. */
  privateTo(outer: Place): Place | undefined {
    for (const place of this.#places ?? []) if (!isVisible(place, outer)) return place;
    return undefined;
  }

  /** Lists the tools on the stack from an earlier call with this key to here; undefined when there is none. */
  recursion(key: string): string[] | undefined {
    const path: string[] = [];
    for (let frame: CallFrame | undefined = this; frame !== undefined; frame = frame.parent) {
      path.unshift(frame.toolName);
      if (frame.keys.includes(key)) return path;
    }
    return undefined;
  }

  #gather(tags: readonly string[] | Set<string>): void {
    if (this.#tags === undefined) {
      this.#tags = tags instanceof Set ? [...tags] : tags;
      return;
    }
    if (!(this.#tags instanceof Set)) this.#tags = new Set(this.#tags);
    for (const tag of tags) this.#tags.add(tag);
  }
}
