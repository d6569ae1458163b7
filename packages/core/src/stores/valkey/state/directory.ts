import type { Clock } from '../../../clock.ts';
import { fromWire, toWire } from '../../../codec/wire-text.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import { gatherPage } from './key-range.ts';
import { directoryAddScript } from './lua/directory-add.generated.ts';
import { directoryForgetScript } from './lua/directory-forget.generated.ts';
import type { StateCommands } from './state-commands.ts';
import type { DirectoryKeys } from './state-keys.ts';

/** Is how long a name that was put on the directory is taken to be there. */
const TRUSTED_MS = 600_000;
/** Is how long a name stays after it was put there last; far longer than anybody trusts that it is there. */
const KEPT_MS = 6 * TRUSTED_MS;

/**
 * Lists names, of spaces or of runs, of which each lies in a slot of its own.
 *
 * A name is put here before anything is written under it, so that nothing is written which is not listed. What is listed and
 * not there any more is left out by whoever reads the list, and taken off it when nobody has used the name for long.
 */
export class Directory {
  readonly #commands: StateCommands;
  readonly #keys: DirectoryKeys;
  readonly #clock: Clock;
  readonly #known = new Map<string, number>();

  constructor(commands: StateCommands, keys: DirectoryKeys, clock: Clock) {
    this.#commands = commands;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Sees to it that a name is listed. */
  async add(name: string): Promise<void> {
    const now = this.#clock.now();
    if (now - (this.#known.get(name) ?? -Infinity) < TRUSTED_MS) return;
    const { names, times } = this.#keys;
    await this.#commands.run(directoryAddScript, [names, times], [toWire(name)]);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, now);
  }

  /** Returns a page of those names of which there is something. */
  async page(
    request: KeyPageRequest,
    isThere: (names: readonly string[]) => Promise<readonly boolean[]>,
  ): Promise<KeyPage> {
    const unused: string[] = [];
    const page = await gatherPage(
      request,
      async ({ from, to }, limit) => (await this.#commands.lexRange(this.#keys.names, from, to, limit)).map(fromWire),
      async (names) => {
        const there = await isThere(names);
        unused.push(...names.filter((_, index) => there[index] !== true));
        return there;
      },
    );
    if (unused.length > 0) this.#forget(unused);
    return page;
  }

  #forget(unused: readonly string[]): void {
    const { names, times } = this.#keys;
    const args = [KEPT_MS, ...unused.slice(0, 1_000).map(toWire)];
    // Left for next time when it fails: it changes nothing for anybody.
    this.#commands.run(directoryForgetScript, [names, times], args).catch(() => undefined);
  }
}

const MAX_KNOWN = 10_000;
