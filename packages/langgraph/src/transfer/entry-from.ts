import type { ChannelDraft, CheckpointWrite, ListDraft, ListPiece } from '@keepstep/core';

import type { ThreadEntry } from './thread-entry.ts';

/** Reads a checkpoint out of a line of an export; undefined for what is none, whatever it holds. */
export function entryFrom(content: Readonly<Record<string, unknown>>): ThreadEntry | undefined {
  const { namespace, id, parent } = content;
  const [record, metadata] = [bytesFrom(content['record']), bytesFrom(content['metadata'])];
  const [channels, writes] = [allFrom(content['channels'], channelFrom), allFrom(content['writes'], writeFrom)];
  if (!isText(namespace) || !isText(id) || !(parent === null || isText(parent))) return undefined;
  if (!record || !metadata || !channels || !writes) return undefined;
  return { namespace, id, parent: parent ?? undefined, record, metadata, channels, writes };
}

function channelFrom(parts: readonly unknown[]): ChannelDraft | undefined {
  const [channel, version, given] = parts;
  if (parts.length !== 3 || !isText(channel) || !isText(version)) return undefined;
  if (given === null) return { channel, version };
  if (given === false) return { channel, version, optional: true, replayed: true };
  if (typeof given === 'object') {
    const list = listFrom(given as Readonly<Record<string, unknown>>);
    return list && { channel, version, list };
  }
  const value = bytesFrom(given);
  return value && { channel, version, value };
}

/** Lists have numbers in a file, and names of their own where they are put. */
function listFrom({ after, pieces: given }: Readonly<Record<string, unknown>>): ListDraft | undefined {
  const pieces = allFrom(given, pieceFrom);
  if (!isNumber(after) || pieces === undefined) return undefined;
  return { after: after === 0 ? undefined : String(after), pieces };
}

function pieceFrom(parts: readonly unknown[]): ListPiece | undefined {
  const [number, given] = parts;
  const value = bytesFrom(given);
  return parts.length === 2 && isNumber(number) && value ? { digest: String(number), value } : undefined;
}

function writeFrom(parts: readonly unknown[]): CheckpointWrite | undefined {
  const [task, index, path, channel, given] = parts;
  const value = bytesFrom(given);
  if (parts.length !== 5 || !isText(task) || !isText(path) || !isText(channel) || !value) return undefined;
  return Number.isSafeInteger(index) ? { task, index: index as number, path, channel, value } : undefined;
}

function allFrom<Item>(list: unknown, read: (parts: readonly unknown[]) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const items: Item[] = [];
  for (const parts of list as readonly unknown[]) {
    const item = Array.isArray(parts) ? read(parts as readonly unknown[]) : undefined;
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function bytesFrom(text: unknown): Uint8Array | undefined {
  if (!isText(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  // What is not base64 is skipped in silence; the way back tells.
  return bytes.toString('base64') === text ? bytes : undefined;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
