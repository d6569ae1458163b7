import type { Metrics } from '../metrics.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import { Counters } from './counters.ts';

/** Is the name under which everything is counted that comes after the first thousand names. */
const OTHER = '_other';
const MAX_NAMES = 1000;

/** Keeps counters by name, for tools or resources; the number of names is bounded. */
export class CounterRegistry {
  readonly #counters = new Map<string, Counters>();
  // Entries keep the list of their counters: those of one kind share it.
  readonly #lists = new Map<string, readonly Counters[]>();

  of(name: string): Counters {
    const existing = this.#counters.get(name);
    if (existing !== undefined) return existing;
    if (this.#counters.size >= MAX_NAMES && name !== OTHER) return this.of(OTHER);
    const created = new Counters();
    this.#counters.set(name, created);
    return created;
  }

  /** Returns the counters of the kinds of data that the paths lead to: their first segments, each once. */
  ofResources(paths: readonly ResourcePath[]): readonly Counters[] {
    const [only] = paths;
    if (only !== undefined && paths.length === 1) return this.#listOf(only[0] ?? '');
    const names = new Set(paths.map((path) => path[0] ?? ''));
    const listName = [...names].join('\0');
    const list = this.#lists.get(listName) ?? [...new Set([...names].map((name) => this.of(name)))];
    if (this.#lists.size < MAX_NAMES) this.#lists.set(listName, list);
    return list;
  }

  #listOf(name: string): readonly Counters[] {
    const known = this.#lists.get(name);
    if (known !== undefined) return known;
    const list = [this.of(name)];
    if (this.#lists.size < MAX_NAMES) this.#lists.set(name, list);
    return list;
  }

  /** Returns the numbers of this moment, by name. */
  read(): Record<string, Metrics> {
    return Object.fromEntries([...this.#counters].map(([name, counters]) => [name, counters.read()]));
  }
}
