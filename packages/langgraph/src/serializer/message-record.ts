import { defineField } from './instance-fields.ts';
import { messageClasses, type KeptMessageClass } from './message-classes.ts';
import { refusedRecord } from './refused-record.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes a message of the record that LangChain writes for it; what only looks like one stays data.
 *
 * @param revive makes of a member what it stands for
 * @throws SyntaxError for the record of anything that is no message
 */
export function messageOfRecord(record: Fields, revive: (member: unknown) => unknown): unknown {
  const { id, kwargs } = record;
  if (!Array.isArray(id) || typeof kwargs !== 'object' || kwargs === null || Array.isArray(kwargs)) return record;
  const name: unknown = id.at(-1);
  const kept = messageClasses.find((each) => each.name === name);
  if (id[0] !== 'langchain_core' || id[1] !== 'messages' || kept === undefined) {
    throw refusedRecord(`An instance of ${JSON.stringify(name)}`);
  }
  const fields = {};
  for (const [key, value] of Object.entries(kwargs))
    defineField(fields, fieldNamed(kept, key), unescaped(value, revive));
  return new kept.constructor(fields as never);
}

/** Returns the name that a field has in a message: LangChain writes those it does not know in another case. */
function fieldNamed(kept: KeptMessageClass, key: string): string {
  if (kept.fieldNames.has(key)) return key;
  return key.replaceAll(/_+([a-z0-9])/g, (_, character: string) => character.toUpperCase());
}

/** Is the name under which LangChain puts data that looks like its records. */
const ESCAPED = '__lc_escaped__';

// Escaped data is data, whatever it holds.
function unescaped(value: unknown, revive: (member: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === ESCAPED) return (value as Fields)[ESCAPED];
  if (Object.hasOwn(value, 'lc')) return revive(value);
  for (const key of keys) defineField(value, key, unescaped((value as Fields)[key], revive));
  return value;
}
