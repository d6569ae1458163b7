import { decodeValue, encodeValue } from '../codec/value-codec.ts';
import { inspectValue, VALUE_FORM } from '../codec/value-inspection.ts';
import { messageOf, StateError } from '../errors.ts';
import type { DocumentContent } from '../store/document-store.ts';
import { findCredential } from './credential-scan.ts';

/** Says which values may be kept. */
export interface ValueRules {
  /** Is the largest size of a value as text, in bytes of UTF-8. */
  readonly maxBytes: number;
  /** Says what happens to a value with a text that looks like a credential. */
  readonly credentials: 'refuse' | 'allow';
}

/**
 * Turns a value into text.
 *
 * @param subject says what the value is for
 * @throws NotEncodableError for what would not come back as it is, with its path
 * @throws StateError `credential_refused`, `value_too_large`
 */
export function textOf(value: unknown, rules: ValueRules, subject: string): string {
  const text = encodeValue(value);
  checkCredentials(value, rules, subject);
  checkSize(Buffer.byteLength(text), rules, subject);
  return text;
}

/**
 * Turns a text back into the value.
 *
 * @throws StateError `data_corrupt` when the text was damaged
 */
export function valueOf(text: string, subject: string): unknown {
  try {
    return decodeValue(text);
  } catch (cause) {
    const message = `What the store holds cannot be read: ${subject}. ${messageOf(cause)}`;
    throw new StateError('data_corrupt', message, { subject }, { cause });
  }
}

/** Turns a value into what a document holds: numbers can be counted up, and arrays appended to. Throws as `textOf` does. */
export function contentOf(value: unknown, rules: ValueRules, subject: string): DocumentContent {
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) {
    return { form: 'number', number: value };
  }
  if (!Array.isArray(value)) return { form: 'value', text: textOf(value, rules, subject) };
  const { form } = inspectValue(value);
  // What is shared between the items of a list, or missing in it, would be lost item by item.
  if (form > VALUE_FORM.tree) return { form: 'value', text: textOf(value, rules, subject) };
  return { form: 'list', items: itemsOf(value, rules, subject) };
}

/** Turns the items of a list into texts. Throws as `textOf` does. */
export function itemsOf(values: readonly unknown[], rules: ValueRules, subject: string): readonly string[] {
  const items = values.map((value) => encodeValue(value));
  checkCredentials(values, rules, subject);
  checkSize(
    items.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, 0),
    rules,
    subject,
  );
  return items;
}

/** Turns what a document holds back into the value. Throws as `valueOf` does. */
export function valueOfContent(content: DocumentContent, subject: string): unknown {
  if (content.form === 'number') return content.number;
  if (content.form === 'value') return valueOf(content.text, subject);
  return content.items.map((item) => valueOf(item, subject));
}

function checkCredentials(value: unknown, { credentials }: ValueRules, subject: string): void {
  const found = credentials === 'refuse' ? findCredential(value) : undefined;
  if (found === undefined) return;
  const message =
    `${subject}: the value holds what looks like ${found.kind} at ${found.path}. Keep secrets elsewhere, ` +
    `or say credentials: "allow" in createAgentState.`;
  throw new StateError('credential_refused', message, { subject, path: found.path });
}

function checkSize(bytes: number, { maxBytes }: ValueRules, subject: string): void {
  if (bytes <= maxBytes) return;
  const message = `${subject}: the value takes ${bytes} bytes, and ${maxBytes} are allowed. Keep a reference to it, or raise maxValueBytes.`;
  throw new StateError('value_too_large', message, { subject });
}
