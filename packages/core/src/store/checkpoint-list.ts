import { InvalidArgumentError } from '../errors.ts';

/**
 * Is a list on its way into a thread, in pieces: what it goes on from, and what comes after that.
 *
 * A thread keeps lists as a tree of their beginnings. A node of the tree is a piece, one or more elements, and what comes
 * before it; a list is the node that it ends with, and is read by walking from there to the beginning. So the lists of a
 * thread share what they begin with, whoever put them: a message that is appended costs that message, at the thousandth step
 * as at the first, and a branch of a thread, the list of another channel or of a subgraph cost where they differ.
 *
 * A node is named by a digest of all that it ends: of the digest before it and of its piece. The caller makes the digests,
 * and promises that equal ones mean equal lists. So "the list with this digest, and these pieces" is exact, whoever stored
 * that list and whatever happened since: there is nothing to lock, nothing to number, and the same put once more finds all
 * of it there. A store adds a node where there is none and never changes one; it takes none away but with all that follows
 * from it, when nobody refers to them any more. What it does not have, it says, and the caller comes with the whole list.
 */
export interface ListDraft {
  /** Is the digest of the list that this one goes on from, which has to be in the thread; undefined for the empty one. */
  readonly after: string | undefined;
  /** Holds what comes after it, in order; with none, the list is the one that it goes on from. */
  readonly pieces: readonly ListPiece[];
}

/** Is a part of a list, of which the store knows nothing but the bytes. */
export interface ListPiece {
  /** Names the list that ends with this piece: a text of 1 to 64 letters, digits, `-` and `_`. */
  readonly digest: string;
  readonly value: Uint8Array;
}

/**
 * Refuses digests that a store would take for something else.
 *
 * @throws InvalidArgumentError for a list with a digest that is no name
 */
export function assertNamed({ after, pieces }: ListDraft): void {
  if (after !== undefined) assertName(after);
  for (const { digest } of pieces) assertName(digest);
}

function assertName(digest: string): void {
  if (!NAME.test(digest)) throw new InvalidArgumentError('digest', digest, '1 to 64 letters, digits, "-" and "_"');
}

const NAME = /^[\w-]{1,64}$/;
