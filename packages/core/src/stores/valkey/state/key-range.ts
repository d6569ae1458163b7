import { wireBytes } from '../../../codec/wire-text.ts';
import type { KeyPageRequest } from '../../../store/key-page.ts';

/** Is a range of keys as `ZRANGE … BYLEX` takes it. */
export interface KeyRange {
  readonly from: Buffer | string;
  readonly to: Buffer | string;
}

/**
 * Returns the range in which the keys of a page lie. Where the prefix ends in the middle of a character, it holds some others
 * too: whoever asks looks at the text.
 */
export function keyRange({ prefix, after }: Pick<KeyPageRequest, 'prefix' | 'after'>): KeyRange {
  // The bytes of a whole character do not begin with those of its first half.
  const whole = /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
  const bytes = wireBytes(whole);
  const begin = Buffer.concat([Buffer.from('['), bytes]);
  const next = after === undefined ? undefined : Buffer.concat([Buffer.from('('), wireBytes(after)]);
  const isLater = next !== undefined && Buffer.compare(next.subarray(1), bytes) >= 0;
  // No text has the byte 255.
  const to = bytes.length === 0 ? '+' : Buffer.concat([Buffer.from('('), bytes, Buffer.of(0xff)]);
  return { from: isLater ? next : bytes.length === 0 ? '-' : begin, to };
}

/**
 * Gathers a page from what comes in pieces.
 *
 * @param fetch returns the next keys of a range, in order; fewer than the limit when there are no more
 */
export async function gatherPage(
  { prefix, after, limit }: KeyPageRequest,
  fetch: (range: KeyRange, limit: number) => Promise<readonly string[]>,
  isThere: (keys: readonly string[]) => Promise<readonly boolean[]> = async (keys) => keys.map(() => true),
): Promise<{ readonly keys: readonly string[]; readonly more: boolean }> {
  const found: string[] = [];
  for (let last = after; ;) {
    const wanted = limit + 1 - found.length;
    const some = await fetch(keyRange({ prefix, after: last }), wanted);
    const fitting = some.filter((key) => key.startsWith(prefix));
    const there = await isThere(fitting);
    found.push(...fitting.filter((_, index) => there[index]));
    if (found.length > limit || some.length < wanted)
      return { keys: found.slice(0, limit), more: found.length > limit };
    last = some.at(-1);
  }
}
