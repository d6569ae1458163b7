import type { ListDraft, ListPiece } from '@keepstep/core';
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';

import type { ListDigest } from './list-digest.ts';
import { ListMemory, type ListPlace } from './list-memory.ts';
import { pieceOf } from './list-piece.ts';
import { ListSnapshot, type SerialisedElement } from './list-snapshot.ts';
import { probeOf, type ElementProbe } from './element-probe.ts';
import { RememberedList } from './remembered-list.ts';

/** Is a piece as it was read. */
export interface ReadPiece {
  readonly digest: string;
  readonly elements: readonly unknown[];
}

/**
 * Makes drafts of lists that name what the store has and hold what it does not have.
 *
 * It remembers the lists that it has made or read. Of the next one, the elements that are the same objects and hold what they
 * held are not serialised again. Memory decides what a draft costs and not what is stored: when the store does not have the list
 * that a draft goes on from, somebody else has pruned it, it says so, and the whole list comes.
 */
export class ListDrafts {
  readonly #serde: SerializerProtocol;
  readonly #digest: ListDigest;
  readonly #memory = new ListMemory();

  constructor(serde: SerializerProtocol, digest: ListDigest) {
    this.#serde = serde;
    this.#digest = digest;
  }

  /** Makes a draft of a list; what the list holds is settled when this returns. */
  draftOf(place: ListPlace, list: readonly unknown[]): Promise<ListDraft> {
    return this.#draft(place, list, this.#memory.take(place, list[0]));
  }

  /** Makes a draft that goes on from nothing. */
  whole(place: ListPlace, list: readonly unknown[]): Promise<ListDraft> {
    return this.#draft(place, list, new RememberedList());
  }

  /** Remembers a list that was read. */
  remember(place: ListPlace, pieces: readonly ReadPiece[]): void {
    const list = new RememberedList();
    for (const { digest, elements } of pieces) list.add(digest, elements, elements.map(probeOf));
    this.#memory.keep(place, list);
  }

  /** Forgets the lists of a thread. */
  forget(thread: string): void {
    this.#memory.forget(thread);
  }

  async #draft(place: ListPlace, list: readonly unknown[], remembered: RememberedList): Promise<ListDraft> {
    const snapshot = new ListSnapshot(list, remembered, this.#serde, place.channel);
    await snapshot.ready();
    const known = await this.#beginning(place.thread, remembered, snapshot);
    const after = known.digestOf(known.pieces - 1);
    const pieces: ListPiece[] = [];
    for (const group of grouped(await snapshot.elements(known.length, snapshot.list.length))) {
      const value = pieceOf(group.map(({ bytes }) => bytes));
      const digest = this.#digest(place.thread, known.digestOf(known.pieces - 1), value);
      const elements = snapshot.list.slice(known.length, known.length + group.length);
      known.add(
        digest,
        elements,
        group.map(({ probe }) => probe),
      );
      pieces.push({ digest, value });
    }
    this.#memory.keep(place, known);
    return { after, pieces };
  }

  /** Cuts a list that is remembered to those of its pieces that the new one begins with, and puts the new elements into it. */
  async #beginning(thread: string, known: RememberedList, snapshot: ListSnapshot): Promise<RememberedList> {
    const count = known.piecesWithin(snapshot.list.length);
    const changed = new Map<number, { readonly element: unknown; readonly probe: ElementProbe | undefined }>();
    let piece = known.piecesWithin(snapshot.first);
    for (; piece < count; piece += 1) {
      const [start, end] = [known.endOf(piece - 1), known.endOf(piece)];
      if (snapshot.isSame(start, end)) continue;
      const elements = await snapshot.elements(start, end);
      const digest = this.#digest(thread, known.digestOf(piece - 1), pieceOf(elements.map(({ bytes }) => bytes)));
      if (digest !== known.digestOf(piece)) break;
      for (const [index, { probe }] of elements.entries()) {
        const element = snapshot.list[start + index];
        if (!known.isOpaque(start + index, element)) changed.set(start + index, { element, probe });
      }
    }
    known.cut(piece);
    return changed.size === 0 ? known : known.with(changed);
  }
}

/** Puts elements into pieces: each into one of its own, but small ones that come together into one. */
function grouped(elements: readonly SerialisedElement[]): SerialisedElement[][] {
  const groups: SerialisedElement[][] = [];
  let room = 0;
  for (const element of elements) {
    const size = element.bytes.length;
    if (size >= LARGE || size > room) {
      groups.push([element]);
      room = size >= LARGE ? 0 : PIECE_SIZE - size;
    } else {
      groups.at(-1)?.push(element);
      room -= size;
    }
  }
  return groups;
}

/** Is the size from which an element has a piece of its own, in bytes: about what a piece costs beside what is in it. */
const LARGE = 128;
/** Is how large a piece of small elements becomes. */
const PIECE_SIZE = 1_024;
