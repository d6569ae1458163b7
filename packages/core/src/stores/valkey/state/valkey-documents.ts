import { fromWire, toWire } from '../../../codec/wire-text.ts';
import type {
  AppliedChange,
  ApplyResult,
  DocumentChange,
  DocumentContent,
  DocumentStore,
  RefusalReason,
  StoredDocument,
} from '../../../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { Argument } from '../valkey-connection.ts';
import type { Directory } from './directory.ts';
import { gatherPage } from './key-range.ts';
import { documentsApplyScript } from './lua/documents-apply.generated.ts';
import { documentsClearScript } from './lua/documents-clear.generated.ts';
import { documentsKeysScript } from './lua/documents-keys.generated.ts';
import { documentsReadScript } from './lua/documents-read.generated.ts';
import type { StateCommands } from './state-commands.ts';
import type { SpaceKeys } from './state-keys.ts';

/** Holds the documents of one space on Valkey. */
export class ValkeyDocuments implements DocumentStore {
  readonly #commands: StateCommands;
  readonly #keys: SpaceKeys;
  readonly #listed: () => Promise<void>;

  /** @param listed sees to it that the space is on the directory */
  constructor(commands: StateCommands, keys: SpaceKeys, directory: Directory, space: string) {
    this.#commands = commands;
    this.#keys = keys;
    this.#listed = () => directory.add(space);
  }

  async read(keys: readonly string[]): Promise<readonly (StoredDocument | undefined)[]> {
    if (keys.length === 0) return [];
    const found = await this.#commands.run(documentsReadScript, [this.#keys.documents], keys.map(toWire));
    return (found as readonly Buffer[]).map(readDocument);
  }

  async apply(operation: string, changes: readonly DocumentChange[]): Promise<ApplyResult> {
    const { documents, index, expiries, fences, version } = this.#keys;
    await this.#listed();
    const keys = [documents, index, expiries, fences, version, this.#keys.operation(operation)];
    const reply = await this.#commands.run(documentsApplyScript, keys, changes.flatMap(changeArguments));
    const [kind, ...lines] = String(reply).split('\n');
    if (kind === 'applied') return { kind, changes: lines.map(readApplied) };
    const [place, reason, current, fence] = lines as [string, string, string, string];
    return {
      kind: 'refused',
      key: (changes[Number(place)] as DocumentChange).key,
      reason: reason as RefusalReason,
      version: Number(current),
      fence: Number(fence),
    };
  }

  keys(request: KeyPageRequest): Promise<KeyPage> {
    const { documents, index, expiries } = this.#keys;
    return gatherPage(request, async ({ from, to }, limit) => {
      const found = await this.#commands.run(documentsKeysScript, [documents, index, expiries], [from, to, limit]);
      return (found as readonly Buffer[]).map(fromWire);
    });
  }

  async clear(operation: string): Promise<number> {
    const { documents, index, expiries, fences } = this.#keys;
    const keys = [documents, index, expiries, fences, this.#keys.operation(operation)];
    return Number(await this.#commands.run(documentsClearScript, keys, []));
  }
}

function changeArguments(change: DocumentChange): Argument[] {
  const { kind, key, expectedVersion, fence = 0 } = change;
  const ttlMs = 'ttlMs' in change && change.ttlMs !== undefined ? Math.ceil(change.ttlMs) : 0;
  const shared = [toWire(key), expectedVersion ?? '', fence, ttlMs];
  switch (kind) {
    case 'set': {
      const { content, metadata, keep = false } = change;
      const count = content.form === 'list' ? content.items.length : 0;
      const noted = metadata === undefined ? '-' : toWire(`+${metadata}`);
      return [keep ? 'keep' : 'set', ...shared, `${content.form} ${count}`, noted, contentText(content)];
    }
    case 'increment':
      return [kind, ...shared, String(change.by), '', ''];
    case 'append':
      return [
        kind,
        ...shared,
        change.items.length,
        change.maxBytes === Infinity ? 'inf' : change.maxBytes,
        listText(change.items),
      ];
    default:
      return [kind, ...shared, '', '', ''];
  }
}

function contentText(content: DocumentContent): string | Buffer {
  if (content.form === 'list') return listText(content.items);
  return toWire(content.form === 'value' ? content.text : String(content.number));
}

function listText(items: readonly string[]): string | Buffer {
  return toWire(items.map((item) => `${item}\n`).join(''));
}

function readDocument(bytes: Buffer): StoredDocument | undefined {
  if (bytes.length === 0) return undefined;
  const text = fromWire(bytes);
  let end = 0;
  const [form, version, created, updated, expires, , metadata] = Array.from({ length: 7 }, () => {
    const start = end;
    end = text.indexOf('\n', start) + 1;
    return text.slice(start, end - 1);
  }) as [string, string, string, string, string, string, string];
  return {
    content: readContent(form, text.slice(end)),
    metadata: metadata.startsWith('+') ? metadata.slice(1) : undefined,
    version: Number(version),
    createdAt: Number(created),
    updatedAt: Number(updated),
    expiresAt: expires === '0' ? undefined : Number(expires),
  };
}

function readContent(form: string, text: string): DocumentContent {
  if (form === 'number') return { form, number: Number(text) };
  if (form === 'list') return { form, items: text === '' ? [] : text.slice(0, -1).split('\n') };
  return { form: 'value', text };
}

function readApplied(line: string): AppliedChange {
  const [version, existed, amount] = line.split(' ');
  return { version: Number(version), existed: existed === '1', amount: Number(amount) };
}
