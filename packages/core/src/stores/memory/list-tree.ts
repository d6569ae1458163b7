import type { ListDraft, ListPiece } from '../../store/checkpoint-list.ts';

/** Is a list: its last piece, and the list before it. */
export interface ListNode {
  readonly piece: ListPiece;
  readonly base: ListNode | undefined;
}

/** Holds the lists of one thread as a tree of their beginnings. The empty list is undefined. */
export class ListTree {
  #nodes = new Map<string, ListNode>();

  has(digest: string): boolean {
    return this.#nodes.has(digest);
  }

  /** Adds the pieces that are not there yet, and returns the list; what it goes on from has to be there. */
  add({ after, pieces }: ListDraft): ListNode | undefined {
    let node = after === undefined ? undefined : this.#nodes.get(after);
    for (const { digest, value } of pieces) {
      const known = this.#nodes.get(digest);
      node = known ?? { piece: { digest, value: value.slice() }, base: node };
      if (known === undefined) this.#nodes.set(digest, node);
    }
    return node;
  }

  /** Forgets the nodes that none of these lists has. */
  keep(lists: Iterable<ListNode | undefined>): void {
    const kept = new Map<string, ListNode>();
    for (let node of lists) {
      for (; node !== undefined && !kept.has(node.piece.digest); node = node.base) kept.set(node.piece.digest, node);
    }
    this.#nodes = kept;
  }

  /** Is the length of all pieces. */
  get bytes(): number {
    let sum = 0;
    for (const { piece } of this.#nodes.values()) sum += piece.value.length;
    return sum;
  }

  copy(): ListTree {
    const copy = new ListTree();
    copy.#nodes = new Map(this.#nodes);
    return copy;
  }
}

/** Returns the pieces of a list, from its beginning on. */
export function piecesOf(list: ListNode | undefined): ListPiece[] {
  const pieces: ListPiece[] = [];
  for (let node = list; node !== undefined; node = node.base) pieces.push(node.piece);
  return pieces.reverse();
}
