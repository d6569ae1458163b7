import { nextId } from '../../id.ts';
import type { CommitResult, EntryAddress, EntryDraft } from '../../store/entry-store.ts';
import { drawNonce } from './entry-finder.ts';
import { HEAD_LENGTH, TAG_SEPARATOR, writeRecord } from './entry-record.ts';
import type { EntrySlot } from './key-layout.ts';
import { commitScript } from './lua/commit.generated.ts';
import { deleteScript } from './lua/delete.generated.ts';
import { putScript } from './lua/put.generated.ts';
import type { LuaScript } from './lua-script.ts';
import { bytesOfSnapshot } from './value-bytes.ts';
import type { Argument } from './valkey-connection.ts';
import { keysOf, type ValkeyEntriesParts } from './valkey-entries-parts.ts';
import type { ValkeyLease } from './valkey-lease.ts';

/** Stores entries and deletes them, and keeps copies of what it has stored. */
export class EntryWriter {
  readonly #parts: ValkeyEntriesParts;

  constructor(parts: ValkeyEntriesParts) {
    this.#parts = parts;
  }

  /** Offers the value of a load; what is too large is not even sent. */
  async commit(lease: ValkeyLease, draft: EntryDraft): Promise<CommitResult> {
    const { slot, address, epoch, stamp, id } = lease;
    lease.drop();
    const written = await this.#write(address, draft);
    if (written === undefined) return 'too-large';
    const askedAt = this.#parts.clock.now();
    const { keys, rest, isStaged, stage } = this.#stage(slot, written.record, draft);
    const args = [id, epoch, stamp, written.tagText, keepMs(draft), rest, isStaged];
    const opening = address.session?.opening ?? '';
    const committing = this.#run(commitScript, keys, [
      ...args,
      opening,
      slot.partition.channel,
      slot.hash,
      slot.keyTag,
      this.#parts.maxTags,
    ]);
    const [reply] = await Promise.all([committing, stage]);
    const [result, placed, seq] = reply as readonly [Buffer, number, number];
    if (String(result) === 'stored') {
      if (placed > stamp) this.#parts.feeds.of(slot.partition).mirror.invalidated(epoch, placed, [slot.keyTag]);
      this.#keep(slot, address, draft, written.id, epoch, seq, askedAt);
    }
    return String(result) as CommitResult;
  }

  /** Stores a value directly. */
  async put(address: EntryAddress, draft: EntryDraft): Promise<void> {
    const { layout, near, feeds, clock, maxTags } = this.#parts;
    const slot = layout.entry(address);
    const written = await this.#write(address, draft);
    // A value that is too large still takes the place of what was there: with nothing.
    if (written === undefined) return void (await this.delete(address));
    const askedAt = clock.now();
    const { keys, rest, isStaged, stage } = this.#stage(slot, written.record, draft);
    const opening = address.session?.opening ?? '';
    const args = [drawNonce(), slot.keyTag, written.tagText, keepMs(draft), rest, isStaged, opening];
    const putting = this.#run(putScript, keys, [...args, slot.partition.channel, slot.hash, maxTags]);
    const [reply] = await Promise.all([putting, stage]);
    const [result, at, seq] = reply as readonly [Buffer, Buffer, number];
    const epoch = String(at);
    near.delete(address.key);
    feeds.of(slot.partition).mirror.invalidated(epoch, seq, [slot.keyTag]);
    if (String(result) === 'stored') this.#keep(slot, address, draft, written.id, epoch, seq, askedAt);
  }

  /** Deletes one entry; tells whether it was there. */
  async delete(address: EntryAddress): Promise<boolean> {
    const { layout, near, feeds, maxTags } = this.#parts;
    const slot = layout.entry(address);
    const opening = address.session?.opening ?? '';
    const args = [drawNonce(), slot.keyTag, opening, slot.partition.channel, slot.hash, maxTags];
    const reply = await this.#run(deleteScript, keysOf(slot), args);
    const [present, epoch, seq] = reply as readonly [Buffer, Buffer, number];
    near.delete(address.key);
    feeds.of(slot.partition).mirror.invalidated(String(epoch), seq, [slot.keyTag]);
    return String(present) === '1';
  }

  async #write(
    address: EntryAddress,
    { snapshot, tags, ttlMs, retainMs, loadMs }: EntryDraft,
  ): Promise<{ readonly record: Buffer; readonly tagText: string; readonly id: string } | undefined> {
    const value = await bytesOfSnapshot(snapshot, this.#parts.compressAbove);
    if (value.length > this.#parts.maxEntryBytes || tags.length > MAX_TAGS_OF_ENTRY) return undefined;
    const id = nextId();
    const tagText = tags.join(TAG_SEPARATOR);
    const times = { ttlMs: whole(ttlMs), retainMs: retainMs > 0 ? whole(retainMs) : 0, loadMs: whole(loadMs) };
    return {
      record: writeRecord({ id, opening: address.session?.opening ?? '', tagText, ...times, value }),
      tagText,
      id,
    };
  }

  /** Sends a large value ahead, past Lua, and leaves it to the script to give it its place. */
  #stage(slot: EntrySlot, record: Buffer, draft: EntryDraft): Staged {
    const [clock, entry, lease, ...session] = keysOf(slot) as [string, string, string, ...string[]];
    if (record.length <= LARGE_BYTES) {
      return { keys: [clock, entry, lease, ...session], rest: record, isStaged: '', stage: undefined };
    }
    const staged = this.#parts.layout.staged(slot.partition, nextId());
    const value = Buffer.concat([Buffer.alloc(HEAD_LENGTH, '0'), record]);
    const keptMs = Math.min(STAGED_MS, keepMs(draft));
    const stage = this.#parts.connection.plain('stage', (client) => client.set(staged, value, 'PX', keptMs));
    return { keys: [clock, entry, lease, staged, ...session], rest: '', isStaged: '1', stage };
  }

  /** Keeps a copy of what has just been stored: it was valid then, at this seq. */
  #keep(
    slot: EntrySlot,
    { key, session }: EntryAddress,
    { snapshot, tags, ttlMs, retainMs, loadMs, local }: EntryDraft,
    id: string,
    epoch: string,
    seq: number,
    askedAt: number,
  ): void {
    const { near, feeds } = this.#parts;
    feeds.of(slot.partition).adopt(epoch, seq);
    const freshUntil = askedAt + ttlMs;
    const watched = [...tags, slot.keyTag];
    const times = { storedAt: askedAt, freshUntil, expiresAt: freshUntil + retainMs, loadMs };
    near.set({ key, session, id, epoch, seq, snapshot, tags, watched, home: slot, ...times, local });
  }

  #run(script: LuaScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.#parts.connection.run(script, true, keys, args);
  }
}

interface Staged {
  readonly keys: readonly string[];
  readonly rest: Buffer | '';
  readonly isStaged: '' | '1';
  readonly stage: Promise<unknown> | undefined;
}

/** Is the size from which a value goes past Lua; the scripts have the same one for the way back. */
const LARGE_BYTES = 32_768;
/** Is how long a value waits for the script that gives it its place, in milliseconds. */
const STAGED_MS = 60_000;
/** Is the number of tags that an entry can have: they are passed to one command each time it is looked at. */
const MAX_TAGS_OF_ENTRY = 1_000;
const MAX_TTL_MS = 1e14;

function whole(ms: number): number {
  return Math.max(1, Math.min(Math.ceil(ms), MAX_TTL_MS));
}

function keepMs({ ttlMs, retainMs }: EntryDraft): number {
  return whole(ttlMs) + (retainMs > 0 ? whole(retainMs) : 0);
}
