import { BARRIER, type ClockReading } from '../../freshness/clock-mirror.ts';

/** Is what a range of a clock, or of a session, on the server says. */
export interface ClockMembers extends Omit<ClockReading, 'epoch'> {
  readonly epoch: string | undefined;
  readonly fence: string | undefined;
  /** Is the opening of a session. */
  readonly opening: string | undefined;
  /** Is the epoch of the clock that has numbered the tags of a session. */
  readonly numberedBy: string | undefined;
  /** Is the highest number of a tag. */
  readonly newest: number;
}

/** Reads a list of members and scores, as the server gives it: a member, its score, the next member, … */
export function readMembers(list: readonly (string | Buffer)[]): ClockMembers {
  const parts = new Map<string, string>();
  const moved: (readonly [string, number])[] = [];
  let newest = 0;
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [member, score] = [String(list[index]), String(list[index + 1])];
    if (member.startsWith('\0')) {
      parts.set(member, score);
      continue;
    }
    const number = Number(score);
    moved.push([member, number]);
    if (number < BARRIER && number > newest) newest = number;
  }
  const number = (member: string): number | undefined => (parts.has(member) ? Number(parts.get(member)) : undefined);
  return {
    epoch: parts.get(MEMBER.epoch),
    fence: parts.get(MEMBER.fence),
    seq: number(MEMBER.seq),
    floor: number(MEMBER.floor),
    copyFloor: number(MEMBER.copyFloor),
    opening: parts.get(MEMBER.opening),
    numberedBy: parts.get(MEMBER.numberedBy),
    moved,
    newest,
  };
}

/** Names the parts of a clock and of a session; see lua/clock.include.lua. */
export const MEMBER = {
  epoch: '\0e',
  fence: '\0r',
  seq: '\0s',
  floor: '\0f',
  copyFloor: '\0k',
  opening: '\0o',
  numberedBy: '\0c',
} as const;
