import { decodeValue } from './value-codec.ts';
import type { ValueSnapshot } from './value-snapshot.ts';

/**
 * Is the snapshot of a text from a store, for one who opens it and keeps nothing: the value is handed out as it was read,
 * without the inspection and the copy that a snapshot for many needs. Opened again, the text is read again.
 */
export class PassingSnapshot implements ValueSnapshot {
  readonly form: undefined;
  readonly #text: string;
  #value: unknown;
  #isOpened = false;

  /**
   * @param text is what `encodeValue` has written
   * @throws Error for any other text, as far as `decodeValue` can tell
   */
  constructor(text: string) {
    this.#text = text;
    this.#value = decodeValue(text);
  }

  get bytes(): number {
    return 2 * this.#text.length;
  }

  get held(): unknown {
    return decodeValue(this.#text);
  }

  open(): unknown {
    if (this.#isOpened) return decodeValue(this.#text);
    const value = this.#value;
    this.#isOpened = true;
    this.#value = undefined;
    return value;
  }
  async promise(): Promise<unknown> {
    return this.open();
  }
}
