import { isDeepStrictEqual } from 'node:util';

import { InvalidArgumentError } from '@keepstep/core';

/** Is what a search demands of items: for each name a value, or an object of operators. */
export type ItemFilter = Readonly<Record<string, unknown>>;

type Operator = (found: unknown, wanted: unknown) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: isEqual,
  $ne: (found, wanted) => !isEqual(found, wanted),
  $gt: (found, wanted) => numberOf(found) > numberOf(wanted),
  $gte: (found, wanted) => numberOf(found) >= numberOf(wanted),
  $lt: (found, wanted) => numberOf(found) < numberOf(wanted),
  $lte: (found, wanted) => numberOf(found) <= numberOf(wanted),
  $in: isAmong,
  $nin: (found, wanted) => !isAmong(found, wanted),
};

/**
 * Checks a filter.
 *
 * @throws InvalidArgumentError for an operator that does not exist: as a value, it would find nothing in silence
 */
export function checkFilter(filter: ItemFilter): void {
  if (!isPlainObject(filter)) throw new InvalidArgumentError('filter', filter, 'an object');
  for (const wanted of Object.values(filter)) {
    if (!isPlainObject(wanted)) continue;
    const names = Object.keys(wanted);
    const isMeant = names.some((name) => name.startsWith('$'));
    const unknown = names.find((name) => !Object.hasOwn(OPERATORS, name));
    if (isMeant && unknown !== undefined) {
      throw new InvalidArgumentError('filter', unknown, Object.keys(OPERATORS).join(', '));
    }
  }
}

/** Tells whether a value has what a filter demands, by names that are its own. */
export function matchesFilter(value: Readonly<Record<string, unknown>>, filter: ItemFilter): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (!isOperators(wanted)) return isEqual(found, wanted);
    return Object.entries(wanted).every(([operator, operand]) => (OPERATORS[operator] as Operator)(found, operand));
  });
}

/** An object without names demands nothing, as it does in LangGraph. */
function isOperators(wanted: unknown): wanted is Readonly<Record<string, unknown>> {
  return isPlainObject(wanted) && Object.keys(wanted).every((name) => Object.hasOwn(OPERATORS, name));
}

/** What came out of a store is a copy, so objects are equal that hold the same. */
function isEqual(found: unknown, wanted: unknown): boolean {
  if (found === wanted) return true;
  if (typeof found !== 'object' || typeof wanted !== 'object') return false;
  try {
    return isDeepStrictEqual(found, wanted);
  } catch {
    // Node 24.21 fails on sets that hold `null` beside other objects.
    return false;
  }
}

function isAmong(found: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted) && (wanted.includes(found) || wanted.some((each) => isEqual(found, each)));
}

function numberOf(value: unknown): number {
  try {
    return Number(value);
  } catch {
    // An object may have a `toString` that is no function, and a symbol has no number.
    return Number.NaN;
  }
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
