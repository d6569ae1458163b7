import { ErrorReply, Status, type Reply } from '../../src/resp/reply.ts';

const BARRIER = 10n ** 15n;
const HOUR_MS = 3_600_000n;

/**
 * Returns an answer as text in which moments near `now` are all the same: two servers do not answer within the same
 * millisecond. The fields of a hash are sorted, for their order is nobody's promise.
 *
 * @param command is the one that was answered
 */
export function comparable(reply: Reply, command: string, now: number): string {
  return JSON.stringify(plain(/^h(getall|keys|vals)$/i.test(command) ? sorted(reply, command) : reply, BigInt(now)));
}

function plain(reply: Reply, now: bigint): unknown {
  if (typeof reply === 'number') return momentless(String(reply), now);
  if (typeof reply === 'string') return { bulk: momentless(reply, now) };
  if (reply instanceof Status) return { status: reply.text };
  if (reply instanceof ErrorReply) return { error: reply.message };
  return reply === null ? null : reply.map((each) => plain(each, now));
}

function momentless(text: string, now: bigint): string {
  return text.replaceAll(/(\d{5,})(-\d+)?/g, (all, digits: string) => {
    const value = BigInt(digits);
    // Moments, barriers that end at a moment, and what is left of a time.
    if (near(value, now) || near(value, BARRIER + now)) return '<moment>';
    return value > 100_000n && value < 10_000_000n ? '<time>' : all;
  });
}

function near(value: bigint, moment: bigint): boolean {
  return value > moment - HOUR_MS && value < moment + HOUR_MS;
}

function sorted(reply: Reply, command: string): Reply {
  if (!Array.isArray(reply)) return reply;
  const parts = reply as readonly string[];
  if (!/all$/i.test(command)) return parts.toSorted();
  const pairs = Array.from({ length: parts.length / 2 }, (_, index) => [parts[index * 2], parts[index * 2 + 1]]);
  return pairs.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)) as Reply;
}
