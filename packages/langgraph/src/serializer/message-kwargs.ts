import { defineField } from './instance-fields.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Says how the record that a message keeps of its making, its `lc_kwargs`, differs from what it nearly always is: the fields
 * that are not undefined.
 */
export interface KwargsDifference {
  /** Names fields that the record does not have. */
  readonly without?: readonly string[];
  /** Names what it has as undefined. */
  readonly blank?: readonly string[];
}

/**
 * Compares the record of a message with its fields, so that they are stored once. Names that begin with `lc_` belong to
 * LangChain, and come in only where somebody has made a message of all that another one has; they are left out.
 */
export function compareKwargs(
  message: object,
  kwargs: object,
): { readonly difference: KwargsDifference | undefined; readonly others: object | undefined } {
  const [fields, record] = [message as Fields, kwargs as Fields];
  const [without, blank]: [string[], string[]] = [[], []];
  let others: object | undefined;
  for (const key of Object.keys(fields)) {
    if (!Object.hasOwn(record, key) && isMirrored(key) && fields[key] !== undefined) without.push(key);
  }
  for (const key of Object.keys(record)) {
    if (key.startsWith(PRIVATE)) continue;
    const value = record[key];
    if (value === undefined) blank.push(key);
    else if (!Object.hasOwn(fields, key) || !Object.is(fields[key], value) || !isMirrored(key)) {
      defineField((others ??= {}), key, value);
    }
  }
  if (without.length + blank.length === 0) return { difference: undefined, others };
  return { difference: { ...(without.length > 0 && { without }), ...(blank.length > 0 && { blank }) }, others };
}

/** Makes the record of a message again. What is handed in comes from the store: it may be any plain data. */
export function kwargsOf(message: Fields, difference: unknown, others: unknown): object {
  const [without, blank] = [namesIn(difference, 'without'), namesIn(difference, 'blank')];
  const kwargs = {};
  for (const key of Object.keys(message)) {
    if (isMirrored(key) && message[key] !== undefined && !without.includes(key)) defineField(kwargs, key, message[key]);
  }
  for (const key of blank) defineField(kwargs, key, undefined);
  for (const [key, value] of Object.entries(others ?? {})) defineField(kwargs, key, value);
  return kwargs;
}

const PRIVATE = 'lc_';

function isMirrored(key: string): boolean {
  return key !== 'type' && !key.startsWith(PRIVATE);
}

function namesIn(difference: unknown, name: keyof KwargsDifference): readonly string[] {
  const names: unknown = (difference as KwargsDifference | null | undefined)?.[name];
  return Array.isArray(names) ? names.filter((each) => typeof each === 'string') : [];
}
