import { NotEncodableError } from '@keepstep/core';
import { decodeValue, encodeValue, VALUE_FORM } from '@keepstep/core/adapter';

import { isNotEncodable } from '../not-encodable.ts';
import { reviveClasses } from './revive-classes.ts';
import { stripClasses } from './strip-classes.ts';

/** Is the first character of a value with instances in it; the others are those of `encodeValue`. */
const WITH_CLASSES = 'c';

/**
 * Turns a value into text, plain data and instances of the classes that are kept.
 *
 * @throws NotEncodableError for what would not come back as it is, with its path
 */
export function valueText(value: unknown): string {
  const { plain, marks, isJson } = stripClasses(value);
  const form = isJson ? VALUE_FORM.json : undefined;
  if (marks.length === 0) return encodeValue(value, form);
  try {
    return WITH_CLASSES + encodeValue([plain, marks], form);
  } catch (error) {
    if (!isNotEncodable(error)) throw error;
    throw new NotEncodableError(error.path.replace('$[0]', '$'), error.obstacle);
  }
}

/**
 * Turns such a text back into the value.
 *
 * @throws Error for any other text, as far as it can tell
 */
export async function readValueText(text: string): Promise<unknown> {
  if (!text.startsWith(WITH_CLASSES)) return decodeValue(text);
  const pair = decodeValue(text.slice(1));
  if (!Array.isArray(pair) || pair.length !== 2) throw new SyntaxError('The text is no pair.');
  return reviveClasses(pair[0], pair[1]);
}
