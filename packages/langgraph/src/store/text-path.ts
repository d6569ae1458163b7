/** Is one step of a path into a value. */
type Step =
  | { readonly kind: 'field'; readonly name: string }
  /** Counts from the end when it is negative. */
  | { readonly kind: 'item'; readonly index: number }
  /** Is all items of an array; with fields, also those of an object. */
  | { readonly kind: 'each'; readonly fields: boolean }
  | { readonly kind: 'paths'; readonly paths: readonly TextPath[] };

/** Leads to texts in a value; without a step, to the value itself. */
export type TextPath = readonly Step[];

/**
 * Reads a path such as `title`, `meta.title`, `parts[*].text`, `parts[0]`, `parts[-1]`, `{title,meta.author}`, `*` or `$`.
 *
 * @returns undefined for what is no path
 */
export function readTextPath(text: string): TextPath | undefined {
  if (text === '$') return [];
  const steps: Step[] = [];
  let rest = text;
  for (let isFirst = true; rest !== ''; isFirst = false) {
    const [whole, dot, list, group, name] = PIECE.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    // Before a name there is a dot; before brackets and braces there may be one; a path begins with none.
    if (isFirst ? dot === '.' : dot === '' && name !== undefined) return undefined;
    const step = stepOf(list, group, name, isFirst);
    if (step === undefined) return undefined;
    if (step !== 'root') steps.push(step);
    rest = rest.slice(whole.length);
  }
  return steps.length > 0 ? steps : undefined;
}

/**
 * Returns the texts that a path leads to: texts, numbers and booleans as they are, and other values as JSON. Fields have to be
 * the value's own.
 *
 * @throws TypeError for a value that JSON cannot hold, such as one that contains itself
 */
export function textsAt(value: unknown, path: TextPath): readonly string[] {
  const [step, ...rest] = path;
  if (step === undefined) return textOf(value);
  switch (step.kind) {
    case 'field':
      return isObject(value) && Object.hasOwn(value, step.name)
        ? textsAt((value as Record<string, unknown>)[step.name], rest)
        : [];
    case 'item':
      return Array.isArray(value) ? textsAt(value.at(step.index), rest) : [];
    case 'each':
      if (Array.isArray(value)) return value.flatMap((each) => textsAt(each, rest));
      return step.fields && isObject(value) ? Object.values(value).flatMap((each) => textsAt(each, rest)) : [];
    case 'paths':
      return step.paths.flatMap((each) => textsAt(value, [...each, ...rest]));
    default:
      return step satisfies never;
  }
}

/** Is a dot, and then brackets, braces or a name. */
const PIECE = /^(\.?)(?:\[([^[\]{}]*)\]|\{([^{}]*)\}|([^.[\]{}]+))/;

function stepOf(
  list: string | undefined,
  group: string | undefined,
  name: string | undefined,
  isFirst: boolean,
): Step | 'root' | undefined {
  if (list === '*') return { kind: 'each', fields: false };
  if (list !== undefined) return /^-?\d{1,9}$/.test(list) ? { kind: 'item', index: Number(list) } : undefined;
  if (group !== undefined) {
    const paths = group.split(',').map((each) => readTextPath(each.trim()));
    return paths.every((path) => path !== undefined) ? { kind: 'paths', paths } : undefined;
  }
  if (name === '*') return { kind: 'each', fields: true };
  if (name === '$' && isFirst) return 'root';
  return { kind: 'field', name: name as string };
}

function textOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return [String(value)];
  if (!isObject(value)) return [];
  return [JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each), 2)];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
