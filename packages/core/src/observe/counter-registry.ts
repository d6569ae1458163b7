import type { Metrics } from '../metrics.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import { Counters } from './counters.ts';

/** Is the name under which everything is counted that comes after the first thousand names. */
const OTHER = '_other';
const MAX_NAMES = 1000;

/** Keeps counters by name, for tools or resources; the number of names is bounded. */
export class CounterRegistry {
  readonly #counters = new Map<string, Counters>();

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
    return [...new Set(paths.map((path) => this.of(path[0] ?? '')))];
  }

  /** Returns the numbers of this moment, by name. */
  read(): Record<string, Metrics> {
    return Object.fromEntries([...this.#counters].map(([name, counters]) => [name, counters.read()]));
  }
}
