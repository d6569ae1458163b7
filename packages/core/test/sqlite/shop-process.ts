import { setTimeout as sleep } from 'node:timers/promises';
import { createToolCache, type Store } from '../../src/index.ts';
import { openFile } from '../../src/stores/sqlite/open-file.ts';
import { SqliteDatabase } from '../../src/stores/sqlite/sqlite-database.ts';
import { resolveSqliteOptions } from '../../src/stores/sqlite/sqlite-options.ts';
import { sqliteStore, storeOver } from '../../src/stores/sqlite/sqlite-store.ts';
import { freshnessSabotages } from '../../src/testing/freshness-sabotage.ts';
import { HistoryRecorder } from '../../src/testing/history-recorder.ts';
import { sabotaged } from '../../src/testing/sabotage.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { givenOptions, serveRequests } from './serve-requests.ts';
import { SharedSource } from './shared-source.ts';

/** Describes what a process of the shop does. */
export interface ShopProcessOptions {
  readonly storePath: string;
  readonly sourcePath: string;
  readonly seed: number;
  readonly readers: number;
  readonly readsOfEach: number;
  readonly maxStalenessMs: number;
  /** Names what is wrong with the store; nothing, if it is not given. */
  readonly sabotage?: string;
}

/** Never learns that others have changed the file. */
class DeafDatabase extends SqliteDatabase {
  override dataVersion(): number {
    return 1;
  }
}

const SHELVES = ['s1', 's2', 's3', 's4', 's5', 's6'];
const PRODUCTS = ['p1', 'p2', 'p3'];

const options = givenOptions() as ShopProcessOptions;
const { readers, readsOfEach, maxStalenessMs } = options;
const random = seededRandom(options.seed);
const source = new SharedSource(options.sourcePath);
const store = openStore();
const cache = createToolCache({
  store,
  namespace: 'shop',
  consistency: maxStalenessMs === 0 ? 'strict' : { maxStaleness: maxStalenessMs },
});
// One clock for all processes of the machine, which never goes back.
const history = new HistoryRecorder(() => Number(process.hrtime.bigint()) / 1e6);

const between = (least: number, most: number): number => least + random() * (most - least);
const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] as string;
const versionsOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, source.read(name)]));

async function load(names: readonly string[]): Promise<Record<string, number>> {
  await sleep(between(0, 3));
  const seen = versionsOf(names);
  if (random() < 0.3) await sleep(between(5, 35));
  return seen;
}

const getProduct = cache.read((shelf: string, product: string) => load([`${shelf}/${product}`]), {
  name: 'get_product',
  resource: (...path) => path,
  scope: 'global',
});
const listShelf = cache.read((shelf: string) => load(PRODUCTS.map((product) => `${shelf}/${product}`)), {
  name: 'list_shelf',
  resource: (shelf) => shelf,
  scope: 'global',
});
const changeProduct = cache.write(
  async (shelf: string, product: string) => {
    await sleep(between(0, 3));
    return source.change(`${shelf}/${product}`);
  },
  { name: 'change_product', invalidates: (...path) => path, scope: 'global' },
);

function openStore(): Store {
  const { storePath: path, sabotage } = options;
  if (sabotage === 'deaf copies') {
    return storeOver(new DeafDatabase(path, openFile(path, 5_000), true), resolveSqliteOptions({ path }));
  }
  const whole = sqliteStore({ path, busyTimeout: '5s' });
  if (sabotage === undefined) return whole;
  const found = freshnessSabotages.find(({ name }) => name === sabotage);
  if (found === undefined) throw new Error(`There is no sabotage "${sabotage}".`);
  return sabotaged(whole, found);
}

async function read(): Promise<void> {
  const shelf = pick(SHELVES);
  const call = random() < 0.7 ? () => getProduct(shelf, pick(PRODUCTS)) : () => listShelf(shelf);
  await history.read(call, (seen) => seen);
}

const reading = { isOver: false };

async function write(): Promise<void> {
  while (!reading.isOver) {
    const [shelf, product] = [pick(SHELVES), pick(PRODUCTS)];
    history.invalidated(`${shelf}/${product}`, await changeProduct(shelf, product));
    await sleep(between(5, 40));
  }
}

serveRequests({
  async run() {
    const writing = write();
    const readAll = async (): Promise<void> => {
      for (let turn = 0; turn < readsOfEach; turn += 1) {
        await read();
        await sleep(between(0, 4));
      }
    };
    await Promise.all(Array.from({ length: readers }, readAll));
    reading.isOver = true;
    await writing;
    const { reads, invalidations } = history;
    return { reads, invalidations, metrics: { ...cache.metrics() } };
  },
});
