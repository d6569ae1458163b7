import { InvalidArgumentError, InvalidOptionError } from './errors.ts';

/**
 * Refuses what is not an object of options, and options that do not exist: a misspelt one would otherwise be a cache that
 * silently never invalidates.
 */
export function checkKnown(options: object, known: readonly string[]): void {
  checkArgument(typeof options === 'object' && options !== null, 'options', options, 'an object');
  checkOptionNames(options, known);
}

/**
 * Refuses options that do not exist.
 *
 * @param path leads to the object of options, for example `loop.poll.`
 */
export function checkOptionNames(options: object, known: readonly string[], path: string = ''): void {
  for (const [name, value] of Object.entries(options)) {
    checkOption(known.includes(name), path + name, value, known.join(', '));
  }
}

/** Refuses an option that does not hold what it must. */
export function checkOption(isAllowed: boolean, option: string, received: unknown, allowed: string): void {
  if (!isAllowed) throw new InvalidOptionError(option, received, allowed);
}

/** Refuses an argument that does not hold what it must. */
export function checkArgument(isAllowed: boolean, argument: string, received: unknown, allowed: string): void {
  if (!isAllowed) throw new InvalidArgumentError(argument, received, allowed);
}

/** Refuses an argument that is not a function. */
export function checkCallable(value: unknown, argument: string): void {
  checkArgument(typeof value === 'function', argument, value, 'a function');
}

/** Refuses what is not an `AbortSignal`, where one was given. */
export function checkSignal(signal: AbortSignal | undefined): void {
  checkArgument(signal === undefined || signal instanceof AbortSignal, 'signal', signal, 'an AbortSignal');
}

/** Returns a text that is not empty. */
export function checkText(value: string, option: string): string {
  checkOption(typeof value === 'string' && value !== '', option, value, 'a text that is not empty');
  return value;
}

/** Returns a whole number of at least `least`, or `Infinity`. */
export function checkCount(value: number, option: string, least: number): number {
  const isCount = value === Infinity || (Number.isInteger(value) && value >= least);
  checkOption(isCount, option, value, `a whole number of at least ${least}, or Infinity`);
  return value;
}

/** Returns one of the allowed values. */
export function checkOneOf<Allowed extends string | boolean>(
  value: Allowed,
  option: string,
  allowed: readonly Allowed[],
): Allowed {
  checkOption(allowed.includes(value), option, value, allowed.map((each) => JSON.stringify(each)).join(', '));
  return value;
}

/** Returns a function, or `undefined` where none was given. */
export function checkFunction<F>(value: F, option: string): F {
  checkOption(value === undefined || typeof value === 'function', option, value, 'a function');
  return value;
}

/** Returns an object that has the methods, such as a clock or a store. */
export function checkMethods<O extends object>(value: O, option: string, methods: readonly (keyof O & string)[]): O {
  const isWhole = methods.every((method) => typeof value?.[method] === 'function');
  checkOption(isWhole, option, value, `an object with ${methods.join(', ')}`);
  return value;
}
