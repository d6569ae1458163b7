import type { Argument } from '../near-cache/argument.ts';
import { REFUSAL, type Contender, type OpenCache, type Task } from './contender.ts';

/** Is the floor: a Map, asked directly. It has no ttl, no bounds and no loader. */
export const plainMap: Contender = {
  name: 'Map.get',
  package: undefined,
  note: 'no ttl, no bounds',
  open(task) {
    const map = openMap(task, (argument) => argument as string);
    return typeof map === 'string' ? map : { ...map.common, hit: map.get, answersAtOnce: true, read: undefined };
  },
};

/** Is what people write by hand: an async function around a Map. */
export const awaitedMap: Contender = {
  name: 'Map, by hand in an async function',
  package: undefined,
  note: 'no ttl, no bounds',
  open(task) {
    // By hand an object becomes a key with JSON.stringify, for which {a, b} and {b, a} are two.
    const keyOf = task.argument === 'text' ? (argument: Argument) => argument as string : JSON.stringify;
    const map = openMap({ ...task, argument: 'text' }, keyOf);
    if (typeof map === 'string') return map;
    const { entries, common } = map;
    async function read(argument: Argument): Promise<unknown> {
      const key = keyOf(argument);
      const known = entries.get(key);
      if (known !== undefined) return known;
      const result = await task.load(argument);
      entries.set(key, result);
      return result;
    }
    return { ...common, hit: read, read };
  },
};

function openMap(task: Task, keyOf: (argument: Argument) => string) {
  if (task.argument === 'object') return REFUSAL.textKeys;
  if (task.sharing === 'copy' || task.sharing === 'freeze') return REFUSAL.shares;
  const entries = new Map<string, unknown>();
  const common = {
    fill: async (argument: Argument) => entries.set(keyOf(argument), await task.load(argument)),
    loadsOnce: false,
    empty: () => entries.clear(),
  } satisfies Partial<OpenCache>;
  return { entries, common, get: (argument: Argument): unknown => entries.get(keyOf(argument)) };
}
