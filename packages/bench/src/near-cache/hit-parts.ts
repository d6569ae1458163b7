import type { Pace } from '../measure/pace.ts';
import { race, type Racer } from '../measure/race.ts';
import { Sink } from '../measure/sink.ts';
import { timeCalls, type InputReel } from '../measure/stopwatch.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import type { ArgumentForm } from './argument.ts';
import { CallReel } from './call-reel.ts';
import { encodeArguments, LoopDetector } from './core-internals.ts';

/** Measures the part of a hit that looks for loops, alone. */
export async function loopCheck(pace: Pace): Promise<Table> {
  const detector = new LoopDetector({ maxToolRepeats: Infinity, maxExecutionDepth: Infinity });
  let found = 0;
  const rows = await compare(pace, {
    'LoopDetector begin, end': {
      reel: new KeyReel(new CallReel('text')),
      call(key: string) {
        const call = detector.begin('get_cart', key);
        if (call.finding !== undefined) found += 1;
        detector.end(call);
        return call;
      },
    },
  });
  if (found > 0) throw new Error(`${found} loops were found in a sequence that has none.`);
  return { id: 'loop-check', title: 'Loop check, alone', unit: 'ns', rows };
}

/** Measures the part of a hit that makes a key of the arguments, alone. */
export async function keyOfArguments(form: ArgumentForm, pace: Pace): Promise<Table> {
  const reel = new CallReel(form);
  const rows = await compare(pace, {
    encodeArguments: { reel, call: (argument: unknown) => encodeArguments([argument]) },
    'JSON.stringify': { reel, call: (argument: unknown) => JSON.stringify([argument]) },
  });
  const example = JSON.stringify(reel.distinct[0]);
  return { id: `key-of-${form}`, title: `Key of the arguments, alone: ${example}`, unit: 'ns', rows };
}

/** Hands out the keys that the calls of a reel have, made beforehand. */
class KeyReel implements InputReel<string> {
  readonly #calls: CallReel;
  readonly #keys: ReadonlyMap<unknown, string>;

  constructor(calls: CallReel) {
    this.#calls = calls;
    this.#keys = new Map(calls.distinct.map((argument) => [argument, encodeArguments([argument])]));
  }

  next(): string {
    return this.#keys.get(this.#calls.next()) as string;
  }
}

interface Part {
  readonly reel: InputReel<any>;
  readonly call: (input: any) => unknown;
}

async function compare(pace: Pace, parts: Readonly<Record<string, Part>>) {
  const sink = new Sink();
  const racers = Object.entries(parts).map(([name, { reel, call }]): Racer => ({
    name,
    run: async (turns) => timeCalls(call, reel, turns, sink),
  }));
  const laps = await race(racers, pace);
  return rowsOf(
    racers.map(({ name }) => ({ contender: name })),
    laps,
  );
}
