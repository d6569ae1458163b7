import { RememberedList } from './remembered-list.ts';

/** Says which list is meant: what a channel of a graph holds. */
export interface ListPlace {
  readonly thread: string;
  readonly namespace: string;
  readonly channel: string;
}

/** Remembers the lists that were stored or read last, within bounds: the least recently used go first. */
export class ListMemory {
  readonly #limit: number;
  /** Holds the lists of threads by their places; those that were used last come last. */
  readonly #threads = new Map<string, Map<string, RememberedList>>();
  #weight = 0;

  /** @param limit is about how much memory the lists may take beside their elements, in references */
  constructor(limit: number = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /**
   * Takes the list of a place out of the memory, so that nobody else works with it. Where it begins with another element, or
   * there is none, a copy of the longest list of the thread that begins with this one: a subgraph is given what its graph holds.
   */
  take({ thread, ...place }: ListPlace, first: unknown): RememberedList {
    const lists = this.#threads.get(thread);
    const name = nameOf(place);
    const own = lists?.get(name);
    const others = own?.first === first ? [] : [...(lists?.values() ?? [])];
    const kin = others.filter((each) => each.length > 0 && each.first === first);
    if (own !== undefined) this.#drop(thread, name, own);
    if (kin.length === 0) return own ?? new RememberedList();
    return kin.reduce((best, each) => (each.length > best.length ? each : best)).copy();
  }

  /** Puts a list into the memory. */
  keep({ thread, ...place }: ListPlace, list: RememberedList): void {
    const name = nameOf(place);
    const lists = this.#threads.get(thread) ?? new Map<string, RememberedList>();
    const before = lists.get(name);
    if (before !== undefined) this.#drop(thread, name, before);
    lists.set(name, list);
    this.#weight += list.weight;
    this.#threads.delete(thread);
    this.#threads.set(thread, lists);
    if (lists.size > LISTS_OF_A_THREAD) this.#dropFirst(thread);
    while (this.#weight > this.#limit) this.#dropFirst(this.#threads.keys().next().value as string);
  }

  /** Forgets the lists of a thread. */
  forget(thread: string): void {
    for (const { weight } of this.#threads.get(thread)?.values() ?? []) this.#weight -= weight;
    this.#threads.delete(thread);
  }

  #dropFirst(thread: string): void {
    const lists = this.#threads.get(thread) as Map<string, RememberedList>;
    const [name, list] = lists.entries().next().value as [string, RememberedList];
    this.#drop(thread, name, list);
  }

  #drop(thread: string, name: string, list: RememberedList): void {
    const lists = this.#threads.get(thread);
    lists?.delete(name);
    this.#weight -= list.weight;
    if (lists?.size === 0) this.#threads.delete(thread);
  }
}

function nameOf({ namespace, channel }: Omit<ListPlace, 'thread'>): string {
  return JSON.stringify([namespace, channel]);
}

/** Is some 30 MB: a few hundred conversations of a hundred messages. */
const DEFAULT_LIMIT = 4_000_000;
const LISTS_OF_A_THREAD = 16;
