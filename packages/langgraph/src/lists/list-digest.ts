import { createHmac, hash } from 'node:crypto';

/**
 * Names a list of a thread by the name of the list before its last piece, undefined for the empty one, and by that piece.
 * Equal names mean equal lists; this is the only place where they are made.
 */
export type ListDigest = (thread: string, before: string | undefined, piece: Uint8Array) => string;

/**
 * Makes the names of lists.
 *
 * @param secret keeps whoever sees the names from telling what the lists hold, or that two threads hold the same; undefined
 *   where what is stored can be read anyway
 */
export function listDigest(secret: Uint8Array | undefined): ListDigest {
  if (secret === undefined) return (_, before = '', piece) => hash('sha256', joined(before, piece), 'base64url');
  const keyed = (content: string | Uint8Array): string => {
    return createHmac('sha256', secret).update(content).digest('base64url');
  };
  return (thread, before, piece) => {
    // Half of a surrogate pair has no UTF-8.
    const root = before ?? keyed(Buffer.from(thread, 'utf16le'));
    return keyed(joined(root, piece));
  };
}

/** A name has no line break in it, so the two cannot run into one another. */
function joined(before: string, piece: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(before.length + 1 + piece.length);
  bytes.write(before, 'latin1');
  bytes[before.length] = LINE_BREAK;
  bytes.set(piece, before.length + 1);
  return bytes;
}

const LINE_BREAK = 10;
