import type { ListPiece } from '../../../store/checkpoint-list.ts';
import type { ChannelContent } from '../../../store/checkpoint-store.ts';

/** Is what a field stands for, as the scripts return it: 0 and a value, or 1 and the digest of a list, '' for the empty one. */
export type ContentReply = readonly [isList: number, content: Buffer];

/** Holds the pieces that came along with a reply, each once, however many lists share it. */
export class ListPiecesReply {
  readonly #pieces = new Map<string, ChainedPiece>();

  /** @param reply holds digests and pieces in turn; before a piece stand the digest of the list before it and a line break */
  constructor(reply: readonly Buffer[]) {
    for (let at = 0; at < reply.length; at += 2) {
      const [digest, content] = [String(reply[at]), reply[at + 1] as Buffer];
      const end = content.indexOf(LINE_BREAK);
      this.#pieces.set(digest, {
        base: content.toString('latin1', 0, end),
        piece: { digest, value: content.subarray(end + 1) },
      });
    }
  }

  contentOf([isList, content]: ContentReply): ChannelContent {
    if (isList === 0) return { value: content };
    const pieces: ListPiece[] = [];
    for (let digest = String(content); digest !== '';) {
      const { base, piece } = this.#pieces.get(digest) as ChainedPiece;
      pieces.push(piece);
      digest = base;
    }
    return { pieces: pieces.reverse() };
  }
}

/** Is a piece, and the digest of the list before it. */
interface ChainedPiece {
  readonly base: string;
  readonly piece: ListPiece;
}

const LINE_BREAK = 10;
