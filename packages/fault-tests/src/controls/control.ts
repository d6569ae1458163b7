import type { Cluster, Redis } from 'iovalkey';

import type { StockPath, Subject, SubjectModule, SubjectOptions } from '../subjects/subject.ts';
import { openClient } from '../subjects/target.ts';

/** Is what was found for a key: its version, or whatever has to be remembered until it is loaded. */
export type Found<Stamp> = { readonly version: number } | { readonly stamp: Stamp };

/** Is the part of a cache in which controls differ: how it keeps, finds and drops results. */
export interface Protocol<Stamp> {
  find(key: string, tags: readonly string[]): Promise<Found<Stamp>>;
  /** Keeps a loaded version, and tells whether it did. */
  keep(key: string, tags: readonly string[], version: number, stamp: Stamp): Promise<boolean>;
  drop(tag: string): Promise<unknown>;
}

/** Is how long a control keeps a result, in milliseconds. */
export const TTL_MS = 60_000;

/** Makes a cache on trial of a protocol: it reads through, goes past a server that fails, and drops after each write. */
export function controlOf<Stamp>(
  name: string,
  clockKeys: string,
  protocolOver: (client: Redis | Cluster) => Protocol<Stamp>,
): SubjectModule {
  return {
    name,
    clockKeys,
    async open(options) {
      const client = await openClient(options.target);
      return new Control(protocolOver(client), options, () => client.disconnect());
    },
  };
}

class Control<Stamp> implements Subject {
  readonly #protocol: Protocol<Stamp>;
  readonly #options: SubjectOptions;
  readonly #disconnect: () => void;
  readonly #counts = { hits: 0, coalesced: 0, bypassed: 0, superseded: 0 };

  constructor(protocol: Protocol<Stamp>, options: SubjectOptions, disconnect: () => void) {
    this.#protocol = protocol;
    this.#options = options;
    this.#disconnect = disconnect;
  }

  async read(shelf: string, item: string): Promise<number> {
    const [key, tags] = [`{control}:entry:${shelf}/${item}`, tagsOf(shelf, item)];
    const found = await this.#protocol.find(key, tags).catch(() => undefined);
    if (found === undefined) this.#counts.bypassed += 1;
    if (found !== undefined && 'version' in found) {
      this.#counts.hits += 1;
      return found.version;
    }
    const version = await this.#options.load(shelf, item);
    if (found !== undefined) {
      const isKept = await this.#protocol.keep(key, tags, version, found.stamp).catch(() => true);
      if (!isKept) this.#counts.superseded += 1;
    }
    return version;
  }

  async write(path: StockPath, change: () => Promise<void>): Promise<boolean> {
    await change();
    return this.#protocol.drop(tagOf(path)).then(
      () => true,
      () => false,
    );
  }

  counts() {
    return this.#counts;
  }

  async close(): Promise<void> {
    this.#disconnect();
  }
}

function tagsOf(shelf: string, item: string): readonly string[] {
  return [tagOf([]), tagOf([shelf]), tagOf([shelf, item])];
}

function tagOf(path: StockPath): string {
  return `{control}:tag:${path.join('/')}`;
}
