import { findStaleReads, type StaleRead } from '../src/testing/history-checker.ts';
import { HistoryRecorder } from '../src/testing/history-recorder.ts';
import type { ManualClock } from '../src/testing/manual-clock.ts';
import { seededRandom } from '../src/testing/seeded-random.ts';

/** Is what a tool knows of some products: their versions, by name. */
export type Versions = Readonly<Record<string, number>>;

/** Are the tools of a small shop, which has shelves with products on them. */
export interface ShopTools {
  getProduct(shelf: string, product: string): Promise<Versions>;
  listShelf(shelf: string): Promise<Versions>;
  changeProduct(shelf: string, product: string): Promise<Versions>;
  changeShelf(shelf: string): Promise<Versions>;
}

/** Is thrown by a tool after it has done what it does. */
class LateFailure extends Error {
  readonly versions: Versions;

  constructor(versions: Versions) {
    super('The tool has failed on purpose.');
    this.versions = versions;
  }
}

/** Describes a run of the workload. */
export interface ShopWorkloadOptions {
  readonly seed: number;
  readonly clock: ManualClock;
  readonly readers?: number;
  readonly writers?: number;
  readonly readsOfEach?: number;
  /** Is the share of tool calls that fail, after they have done what they do. */
  readonly failureRate?: number;
  /** Is the share of writes that change the data and never return. */
  readonly deathRate?: number;
  /** Is how long the barrier of such a write stands: what it has changed must show from then on. */
  readonly barrierMs?: number;
}

/** Is what came of a run. */
export interface ShopRun {
  readonly stale: readonly StaleRead[];
  readonly reads: number;
  readonly loads: number;
  readonly writes: number;
}

const SHELVES = ['s1', 's2', 's3', 's4', 's5', 's6'];
const PRODUCTS = ['p1', 'p2', 'p3'];

/**
 * Lets readers and writers loose on a shop and checks every read: the shape of load under which caches that are wrong
 * show it. Loads look at the data at some moment, and some of them take long to return; writes come in between.
 *
 * @param wrap puts the tools behind a cache
 */
export async function runShopWorkload(
  wrap: (tools: ShopTools) => ShopTools,
  options: ShopWorkloadOptions,
): Promise<ShopRun> {
  const { clock, readers = 10, writers = 5, readsOfEach = 800, failureRate = 0, deathRate = 0 } = options;
  const random = seededRandom(options.seed);
  const history = new HistoryRecorder();
  const versions = new Map(SHELVES.flatMap((shelf) => PRODUCTS.map((product) => [`${shelf}/${product}`, 1])));
  const counts = { loads: 0, writes: 0, reading: readers };

  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] as string;
  const between = (least: number, most: number): number => least + random() * (most - least);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const orFail = (result: Versions): Versions => {
    if (random() < failureRate) throw new LateFailure(result);
    return result;
  };

  async function load(names: readonly string[]): Promise<Versions> {
    counts.loads += 1;
    await sleep(between(0, 3));
    const seen = Object.fromEntries(names.map((name) => [name, versions.get(name) as number]));
    if (random() < 0.3) await sleep(between(5, 35));
    return orFail(seen);
  }

  async function change(names: readonly string[]): Promise<Versions> {
    await sleep(between(0, 3));
    for (const name of names) versions.set(name, (versions.get(name) as number) + 1);
    const changed = Object.fromEntries(names.map((name) => [name, versions.get(name) as number]));
    if (random() < deathRate) {
      clock.after((options.barrierMs ?? 0) + 1, () => promise(changed));
      return new Promise(() => undefined);
    }
    await sleep(between(0, 5));
    return orFail(changed);
  }

  /** Notes that from now on no read may see less than these versions. */
  function promise(changed: Versions): void {
    counts.writes += 1;
    for (const [name, version] of Object.entries(changed)) history.invalidated(name, version);
  }

  const onShelf = (shelf: string): readonly string[] => PRODUCTS.map((product) => `${shelf}/${product}`);
  const tools = wrap({
    getProduct: (shelf, product) => load([`${shelf}/${product}`]),
    listShelf: (shelf) => load(onShelf(shelf)),
    changeProduct: (shelf, product) => change([`${shelf}/${product}`]),
    changeShelf: (shelf) => change(onShelf(shelf)),
  });

  async function readOnce(): Promise<void> {
    const shelf = pick(SHELVES);
    const call = random() < 0.7 ? () => tools.getProduct(shelf, pick(PRODUCTS)) : () => tools.listShelf(shelf);
    await history.read(call, (seen) => seen).catch(() => undefined); // a read that fails has seen nothing
  }

  async function writeOnce(): Promise<void> {
    const shelf = pick(SHELVES);
    const product = pick(PRODUCTS);
    const writing = random() < 0.2 ? tools.changeShelf(shelf) : tools.changeProduct(shelf, product);
    const done = writing.catch((error: LateFailure) => error.versions).then(promise);
    await (deathRate === 0 ? done : Promise.race([done, sleep(100)]));
  }

  async function reader(): Promise<void> {
    for (let turn = 0; turn < readsOfEach; turn += 1) {
      await readOnce();
      await sleep(between(0, 4));
    }
    counts.reading -= 1;
  }

  async function writer(): Promise<void> {
    while (counts.reading > 0) {
      await sleep(between(2, 40));
      await writeOnce();
    }
  }

  const everybody = Promise.all([
    ...Array.from({ length: readers }, reader),
    ...Array.from({ length: writers }, writer),
  ]);
  // An hour on the clock of the shop: whoever is not done by then waits for ever.
  for (let minutes = 0; minutes < 60; minutes += 1) {
    const isDone = await Promise.race([everybody.then(() => true), clock.advance(60_000).then(() => false)]);
    if (isDone) break;
  }
  if (counts.reading > 0) throw new Error(`A read never returned (seed ${options.seed}).`);
  await everybody;
  return { stale: findStaleReads(history), reads: history.reads.length, loads: counts.loads, writes: counts.writes };
}
