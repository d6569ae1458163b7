import { setTimeout as sleep } from 'node:timers/promises';
import { createToolCache } from '../../src/index.ts';
import { sqliteStore } from '../../src/stores/sqlite/index.ts';
import { givenOptions, serveRequests } from './serve-requests.ts';
import { SharedSource } from './shared-source.ts';

// A process with one cached read and one write. Its tools take as long as they are told to, for ever if need be.
const { storePath, sourcePath } = givenOptions() as { storePath: string; sourcePath: string };
const source = new SharedSource(sourcePath);
const store = sqliteStore({ path: storePath, lease: '400ms' });
const cache = createToolCache({ store, namespace: 'shop' });
let loadMs = 0;
let writeMs = 0;

const pause = (ms: number): Promise<void> => (ms === Infinity ? new Promise(() => undefined) : sleep(ms));

const getProduct = cache.read(
  async (name: string) => {
    source.count(`loads of ${name}`);
    const version = source.read(name);
    await pause(loadMs);
    return version;
  },
  { name: 'get_product', resource: (name) => ['product', name], scope: 'global' },
);

const changeProduct = cache.write(
  async (name: string) => {
    const version = source.change(name);
    await pause(writeMs);
    return version;
  },
  {
    name: 'change_product',
    invalidates: (name) => ['product', name],
    scope: 'global',
    barrier: { maxDuration: '500ms' },
  },
);

serveRequests({
  pace(request: { loadMs?: number; writeMs?: number }) {
    loadMs = request.loadMs ?? loadMs;
    writeMs = request.writeMs ?? writeMs;
  },
  read: ({ name, times = 1 }: { name: string; times?: number }) =>
    Promise.all(Array.from({ length: times }, () => getProduct(name))),
  change: ({ name }: { name: string }) => changeProduct(name),
  metrics: () => ({ ...cache.metrics() }),
  async inSession({ id, name }: { id: string; name: string }) {
    const own = cache.read(async (of: string) => source.count(`session loads of ${of}`), { name: `own_${name}` });
    return cache.openSession({ id }).run(() => own(name));
  },
  close: () => cache.close().then(() => store.close()),
});
