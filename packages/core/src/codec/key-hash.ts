import { hash } from 'node:crypto';

/**
 * Returns the SHA-256 of a key in base64url, all 43 characters of it: shorter hashes collide in ordinary data.
 *
 * It is taken over UTF-16LE and not UTF-8, because UTF-8 turns every lone surrogate into the same replacement character.
 */
export function hashKey(key: string): string {
  return hash('sha256', Buffer.from(key, 'utf16le'), 'base64url');
}
