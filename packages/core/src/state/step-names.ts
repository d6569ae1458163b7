import { checkArgument } from '../option-checks.ts';

/**
 * Gives the steps of one scope their ids: the same code gives the same ids each time, so that a step is found again after a
 * restart. A step that comes for the second time is another step.
 */
export class StepNames {
  readonly #prefix: string;
  readonly #counts = new Map<string, number>();

  /** @param parent is the id of the step that these ones belong to */
  constructor(parent?: string) {
    this.#prefix = parent === undefined ? '' : `${parent}/`;
  }

  next(name: string, key: string | undefined): string {
    checkArgument(typeof name === 'string' && name !== '', 'name', name, 'a text that is not empty');
    checkArgument(key === undefined || typeof key === 'string', 'key', key, 'a text');
    const own = key === undefined ? escaped(name) : `${escaped(name)}=${escaped(key)}`;
    const count = (this.#counts.get(own) ?? 0) + 1;
    this.#counts.set(own, count);
    return this.#prefix + (count === 1 ? own : `${own}#${count}`);
  }
}

/** Returns a text in which nothing can be taken for a part of an id. */
export function escaped(text: string): string {
  return text.replaceAll(/[%/#=]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
