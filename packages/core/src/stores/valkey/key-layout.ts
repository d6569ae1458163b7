import { crc32 } from 'node:zlib';

import { hashKey } from '../../codec/key-hash.ts';
import type { EntryAddress, SessionHandle } from '../../store/entry-store.ts';

/** Is where one entry lives on the server, and what guards it. */
export interface EntrySlot {
  readonly partition: Partition;
  /** Is the hash of the key. */
  readonly hash: string;
  readonly entry: string;
  readonly lease: string;
  /** Is the key of the session whose end drops the entry. */
  readonly session: string | undefined;
  /** Is a tag of this one entry, for copies of it in other processes. */
  readonly keyTag: string;
}

/** Is a part of a namespace that has a clock of its own, and all of whose keys share a slot of a cluster. */
export interface Partition {
  readonly index: number;
  readonly clock: string;
  readonly holders: string;
  readonly channel: string;
}

/**
 * Names the keys of a namespace.
 *
 * Everything of one partition stands behind one hash tag, so that one script may touch it all. An entry of a session lies in
 * the partition of the session, any other one in that of its own key.
 */
export class KeyLayout {
  readonly partitions: readonly Partition[];
  /** Is the key that holds the number of partitions, on which all clients must agree. */
  readonly guard: string;

  constructor(namespace: string, partitions: number) {
    const name = escapeName(namespace);
    this.guard = `ks:${name}:layout`;
    this.partitions = Array.from({ length: partitions }, (_, index) => {
      const prefix = `ks:{${name}/${partitions}.${index}}:`;
      return { index, clock: `${prefix}t`, holders: `${prefix}w`, channel: `${prefix}c` };
    });
  }

  /** Returns where an entry lives; an address that is used again keeps it. */
  entry(address: EntryAddress): EntrySlot {
    const { held } = address;
    if (held instanceof Slot && held.layout === this) return held;
    const slot = this.#slot(address);
    if (held === null) address.held = slot;
    return slot;
  }

  #slot({ key, session }: EntryAddress): Slot {
    const hash = hashKey(key);
    const partition = session === undefined ? this.#partitionOf(hash) : this.ofSession(session.id);
    return new Slot(this, partition, hash, session && this.session(session));
  }

  /** Returns the key of a session. */
  session({ id }: Pick<SessionHandle, 'id'>): string {
    return sibling(this.ofSession(id), `s:${escapeName(id)}`);
  }

  /** Returns the key of those who hold barriers in a session. */
  sessionHolders({ id }: Pick<SessionHandle, 'id'>): string {
    return sibling(this.ofSession(id), `sw:${escapeName(id)}`);
  }

  /** Returns the partition that everything of a session lies in. */
  ofSession(id: string): Partition {
    return this.#partitionOf(escapeName(id));
  }

  /** Returns a key for a value that comes on its own, before its entry does. */
  staged(partition: Partition, id: string): string {
    return sibling(partition, `v:${id}`);
  }

  /** Returns what the keys of entries, or of leases, in a partition begin with. */
  prefix(partition: Partition, kind: 'e' | 'l'): string {
    return sibling(partition, `${kind}:`);
  }

  #partitionOf(text: string): Partition {
    const { partitions } = this;
    return partitions[partitions.length === 1 ? 0 : crc32(text) % partitions.length] as Partition;
  }
}

class Slot implements EntrySlot {
  readonly layout: KeyLayout;
  readonly partition: Partition;
  readonly hash: string;
  readonly entry: string;
  readonly lease: string;
  readonly session: string | undefined;
  readonly keyTag: string;

  constructor(layout: KeyLayout, partition: Partition, hash: string, session: string | undefined) {
    this.layout = layout;
    this.partition = partition;
    this.hash = hash;
    this.entry = sibling(partition, `e:${hash}`);
    this.lease = sibling(partition, `l:${hash}`);
    this.session = session;
    this.keyTag = `\u0001${hash}`;
  }
}

function sibling({ clock }: Partition, name: string): string {
  return clock.slice(0, -1) + name;
}

// What is not plain is escaped, as UTF-16 units: UTF-8 would make one character of all lone surrogates.
/** Returns a name that is plain ASCII, and no other name's. */
export function escapeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.~-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Returns the name that `escapeName` has escaped. */
export function unescapeName(escaped: string): string {
  return escaped.replace(/%([0-9a-f]{4})/g, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)));
}
