import { DeltaSnapshot } from '@langchain/langgraph-checkpoint';

import { defineField } from './instance-fields.ts';
import { messageOfRecord } from './message-record.ts';
import { refusedRecord } from './refused-record.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Is as deep as what it reads may be nested. */
const MAX_DEPTH = 1_000;

/**
 * Reads what LangGraph's own serialiser has written as JSON.
 *
 * That form says what a value was by records within the data, which data can look like. So nothing is made of them but plain
 * data, maps, sets, bytes, errors, snapshots of channels and messages. No class is looked up by its name, no secret is looked
 * up at all, and no regular expression is made.
 *
 * @throws SyntaxError for other text, and for what would have to be made of anything else
 */
export function readJsonPlus(text: string): unknown {
  return revive(JSON.parse(text), 0);
}

/** Puts in the place of each record what it stands for; a container stays the same object. */
function revive(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new SyntaxError(`The value is nested deeper than ${MAX_DEPTH}.`);
  const record = value as Fields;
  if (isRecord(record, 1, 'constructor')) return messageOfRecord(record, (member) => revive(member, depth + 1));
  for (const key of Object.keys(value)) {
    const member: unknown = record[key];
    if (typeof member === 'object') defineField(value, key, revive(member, depth + 1));
  }
  if (isRecord(record, 2, 'undefined')) return undefined;
  if (isRecord(record, 2, 'delta_snapshot') && Object.hasOwn(record, 'value'))
    return new DeltaSnapshot(record['value']);
  return isRecord(record, 2, 'constructor') ? built(record) : value;
}

function isRecord(value: Fields, version: number, type: string): boolean {
  return ownOf(value, 'lc') === version && ownOf(value, 'type') === type;
}

/** Makes what LangGraph has written as a call of a constructor; what is no such call stays data. */
function built(record: Fields): unknown {
  const [id, method, args] = [ownOf(record, 'id'), ownOf(record, 'method') ?? undefined, ownOf(record, 'args')];
  if (!Array.isArray(id) || id.length !== 1 || !Array.isArray(args)) return record;
  const list: unknown = args.length === 1 ? args[0] : undefined;
  if (id[0] === 'Uint8Array' && (method === undefined || method === 'from')) {
    return Array.isArray(list) && list.every(isByte) ? Uint8Array.from(list) : record;
  }
  if (method !== undefined) return record;
  if (id[0] === 'Set' && Array.isArray(list)) return new Set(list);
  if (id[0] === 'Map' && Array.isArray(list) && list.every(isEntry)) return new Map(list);
  if (id[0] === 'Error' && typeof list === 'string') return new Error(list);
  if (id[0] === 'RegExp' && args.length === 2) {
    throw refusedRecord('A regular expression');
  }
  return record;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function isEntry(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function ownOf(value: Fields, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
