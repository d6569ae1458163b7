import { NotEncodableError } from '@keepstep/core';
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { isNotEncodable } from '../not-encodable.ts';
import { bytesOf } from '../typed-bytes.ts';
import { probeOf, type ElementProbe } from './element-probe.ts';
import type { RememberedList } from './remembered-list.ts';

/** Is an element as it was serialised, and what it held then. */
export interface SerialisedElement {
  readonly bytes: Uint8Array;
  readonly probe: ElementProbe | undefined;
}

/**
 * Holds a list as it was at one moment, in which it is made: whoever changes an element afterwards, while it is being stored,
 * changes the next checkpoint. Only what may differ from the list that is remembered is serialised.
 */
export class ListSnapshot {
  readonly list: readonly unknown[];
  /** Is the place of the first element that may differ; the length of the list where none does. */
  readonly first: number;
  readonly #serde: SerializerProtocol;
  readonly #channel: string;
  readonly #elements = new Map<number, Promise<SerialisedElement>>();

  /** @param channel is the name of what holds the list, for errors */
  constructor(list: readonly unknown[], known: RememberedList, serde: SerializerProtocol, channel: string) {
    this.list = list.slice();
    this.#channel = channel;
    this.#serde = serde;
    let at = known.sameFrom(0, list);
    this.first = at;
    while (at < list.length && known.isOpaque(at, list[at])) {
      void this.#serialise(at);
      at += 1;
      at += known.sameFrom(at, list);
    }
    for (; at < list.length; at += 1) void this.#serialise(at);
  }

  /** Resolves when all that was serialised is there, and rejects when some of it cannot be. */
  async ready(): Promise<void> {
    await Promise.all(this.#elements.values());
  }

  /** Tells whether none of some elements may differ. */
  isSame(start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) if (this.#elements.has(at)) return false;
    return true;
  }

  /** Returns some elements as they were serialised; those that did not differ are serialised now. */
  elements(start: number, end: number): Promise<SerialisedElement[]> {
    const range = Array.from({ length: end - start }, (_, index) => start + index);
    return Promise.all(range.map((at) => this.#elements.get(at) ?? this.#serialise(at)));
  }

  #serialise(at: number): Promise<SerialisedElement> {
    const element = this.list[at];
    const probe = probeOf(element);
    const subject = `the channel ${JSON.stringify(this.#channel)}`;
    const serialised = elementBytes(this.#serde, element, at, subject).then((bytes) => ({ bytes, probe }));
    this.#elements.set(at, serialised);
    return serialised;
  }
}

/** Serialises an element as what it is, a part of a list, so that it is refused, or becomes what it becomes, as it would there. */
async function elementBytes(
  serde: SerializerProtocol,
  element: unknown,
  at: number,
  subject: string,
): Promise<Uint8Array> {
  const inPlace: SerializerProtocol = {
    loadsTyped: (type, data) => serde.loadsTyped(type, data),
    async dumpsTyped(list) {
      try {
        return await serde.dumpsTyped(list);
      } catch (error) {
        if (!isNotEncodable(error)) throw error;
        throw new NotEncodableError(error.path.replace('$[0]', `$[${at}]`), error.obstacle);
      }
    },
  };
  return bytesOf(inPlace, [element], subject);
}
