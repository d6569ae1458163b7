import { InvalidOptionError } from '@keepstep/core';

/**
 * Refuses options that do not exist, so that a misspelt one is not ignored in silence.
 *
 * @throws InvalidOptionError for the first one, by its path below `at`
 */
export function checkOptions(options: object, known: readonly string[], at: string = ''): void {
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) throw new InvalidOptionError(at + name, value, known.join(', '));
  }
}
