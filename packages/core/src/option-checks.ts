import { InvalidArgumentError, InvalidOptionError } from './errors.ts';

/**
 * Refuses what is not an object of options, and options that do not exist: a misspelt one would otherwise be a cache that
 * silently never invalidates.
 */
export function checkKnown(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new InvalidArgumentError('options', options, 'an object');
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) throw new InvalidOptionError(name, value, known.join(', '));
  }
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
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidOptionError(option, value, 'a text that is not empty');
}

/** Returns a whole number of at least `least`, or `Infinity`. */
export function checkCount(value: number, option: string, least: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return value;
  throw new InvalidOptionError(option, value, `a whole number of at least ${least}, or Infinity`);
}

/** Returns one of the allowed values. */
export function checkOneOf<Allowed extends string | boolean>(
  value: Allowed,
  option: string,
  allowed: readonly Allowed[],
): Allowed {
  if (allowed.includes(value)) return value;
  throw new InvalidOptionError(option, value, allowed.map((each) => JSON.stringify(each)).join(', '));
}

/** Returns a function, or `undefined` where none was given. */
export function checkFunction<F>(value: F, option: string): F {
  if (value === undefined || typeof value === 'function') return value;
  throw new InvalidOptionError(option, value, 'a function');
}

/** Returns an object that has the methods, such as a clock or a store. */
export function checkMethods<O extends object>(value: O, option: string, methods: readonly (keyof O & string)[]): O {
  if (methods.every((method) => typeof value?.[method] === 'function')) return value;
  throw new InvalidOptionError(option, value, `an object with ${methods.join(', ')}`);
}
