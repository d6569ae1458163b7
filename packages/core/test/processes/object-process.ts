import { setTimeout as sleep } from 'node:timers/promises';

import { storeFromUrl, type Store } from '../../src/index.ts';
import { StateError } from '../../src/state/index.ts';
import { seededRandom } from '../../src/testing/index.ts';
import { readModifyWrite, releaseWithoutOwner, withBrokenState } from '../../src/testing/state-sabotage.ts';
import { givenOptions, serveRequests } from '../sqlite/serve-requests.ts';
import { objectTurns, type ObjectKind, type Recorder } from './object-worker.ts';

// A process that does things to an object which others use as well, and tells its parent of each call and each return.
const { url, name, clockBase, sabotage } = givenOptions() as {
  url: string;
  name: string;
  clockBase: string;
  sabotage?: 'readModifyWrite' | 'releaseWithoutOwner';
};
const SABOTAGES = { readModifyWrite, releaseWithoutOwner };
const sound = storeFromUrl(url);
const store: Store = sabotage === undefined ? sound : withBrokenState(sound, { breakState: SABOTAGES[sabotage] });
let operations = 0;

/** Returns the time of a clock that all processes of the machine share, in nanoseconds. */
const now = (): number => Number(process.hrtime.bigint() - BigInt(clockBase));

/** Tells the parent, and resolves when the message is out of this process: from then on a kill does not take it back. */
const tell = (message: object): Promise<void> =>
  new Promise((resolve) => void process.send?.(message, () => resolve()));

const record: Recorder = async (input, operation) => {
  const call = `${name}.${(operations += 1)}`;
  await tell({ call, input, calledAt: now() });
  try {
    const output = await operation();
    await tell({ call, output, outcome: 'ok', returnedAt: now() });
    return output;
  } catch (error) {
    await tell({ call, outcome: outcomeOf(error) });
    return undefined;
  }
};

/** Says what is known of an operation that has failed; what the ports themselves throw says nothing. */
function outcomeOf(error: unknown): 'none' | 'unknown' {
  if (!StateError.isInstance(error)) return 'unknown';
  return error.code === 'state_unavailable' || error.code === 'version_conflict' ? 'none' : 'unknown';
}

serveRequests({
  async work({ kind, object, seed, turns }: { kind: ObjectKind; object: string; seed: number; turns: number }) {
    const random = seededRandom(seed);
    const turn = await objectTurns(store, kind, object);
    for (let index = 0; index < turns; index += 1) {
      await turn(record, random, `${name}.${index}`);
      if (random() < 0.2) await sleep(1);
    }
  },
  close: () => store.close(),
});
