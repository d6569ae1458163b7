import { seededRandom } from '../apis/seeded-random.ts';

/** Is a list of steps that is worked through from the front. */
interface Course {
  readonly calls: readonly unknown[];
}

/**
 * Says in which order many sessions take their steps: the schedule that the figures beside the recordings were made with.
 *
 * Sessions are admitted in their order, up to `concurrency` at a time; one of those that are under way is drawn at
 * random for every step. Yields the index of the session and of its call.
 */
export function* referenceSchedule(
  sessions: readonly Course[],
  concurrency: number,
  seed: number,
): Generator<readonly [session: number, call: number]> {
  const random = seededRandom(seed);
  const positions = sessions.map(() => 0);
  const underWay: number[] = [];
  let next = 0;
  while (next < sessions.length || underWay.length > 0) {
    while (next < sessions.length && underWay.length < concurrency) underWay.push(next++);
    const drawn = Math.floor(random() * underWay.length);
    const session = underWay[drawn]!;
    const position = positions[session]!;
    yield [session, position];
    positions[session] = position + 1;
    if (position + 1 >= sessions[session]!.calls.length) underWay.splice(drawn, 1);
  }
}
