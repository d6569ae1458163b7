import assert from 'node:assert/strict';

import type { DocumentChange, DocumentContent } from '../../store/document-store.ts';
import { DocumentModel } from '../document-model.ts';
import { seededRandom } from '../seeded-random.ts';
import type { DocumentClient } from '../state-client.ts';
import type { StoreCase } from '../store-case.ts';

const KEYS = ['a', 'b', 'c', 'd'];
const STEPS = 300;

/** Draws changes of different keys, with everything that a change can say. */
function drawChanges(random: () => number, model: DocumentModel): DocumentChange[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const drawChange = (key: string): DocumentChange => {
    const found = model.get(key)?.version ?? 0;
    const conditions = {
      key,
      expectedVersion: random() < 0.7 ? undefined : pick([found, found, found + 1, 0]),
      fence: random() < 0.7 ? undefined : 1 + Math.floor(random() * 20),
    };
    const ttlMs = pick([undefined, undefined, 1, 500, 5_000]);
    const contents: DocumentContent[] = [
      { form: 'value', text: `text ${Math.floor(random() * 100)}` },
      { form: 'number', number: pick([0, 1.5, -7, Number.MAX_SAFE_INTEGER]) },
      { form: 'list', items: pick([[], [''], ['x', 'ä']]) },
    ];
    const drawn = random();
    if (drawn < 0.4) {
      const metadata = pick([undefined, 'note']);
      return { ...conditions, kind: 'set', content: pick(contents), metadata, ttlMs, keep: random() < 0.3 };
    }
    if (drawn < 0.5) return { ...conditions, kind: 'delete' };
    if (drawn < 0.7) return { ...conditions, kind: 'increment', by: pick([1, -1, 0.25, 10]), ttlMs };
    if (drawn < 0.9) return { ...conditions, kind: 'append', items: pick([['y'], ['', 'ö']]), ttlMs, maxBytes: 24 };
    return { ...conditions, kind: 'touch', ttlMs: pick([1, 5_000]) };
  };
  return KEYS.filter(() => random() < 0.35).map(drawChange);
}

async function takeStep(model: DocumentModel, client: DocumentClient, random: () => number, at: string): Promise<void> {
  if (random() < 0.02) {
    assert.equal(await client.store.clear(`clear ${at}`), model.clear(), at);
    return;
  }
  const changes = drawChanges(random, model);
  const expected = model.expect(changes);
  const result = await client.apply(...changes);
  if (result.kind === 'refused') {
    assert.deepEqual({ kind: result.kind, key: result.key, reason: result.reason }, expected, at);
    return;
  }
  const changed = result.changes.map(({ existed, amount }) => ({ existed, amount }));
  assert.deepEqual({ kind: result.kind, changes: changed }, expected, at);
  model.apply(
    changes,
    result.changes.map(({ version }) => version),
  );
}

async function assertSame(model: DocumentModel, client: DocumentClient, start: number, at: string): Promise<void> {
  const found = await client.read(...KEYS);
  for (const [index, key] of KEYS.entries()) {
    const { content, metadata, version, expiresAt } = found[index] ?? {};
    const expected = model.get(key);
    const end = expiresAt === undefined ? undefined : expiresAt - start;
    assert.deepEqual(
      found[index] && { content, metadata, version, expiresAt: end },
      expected && { ...expected },
      `${at}, key ${key}`,
    );
  }
  assert.deepEqual((await client.keys()).keys, model.keys(), at);
}

/** Checks that documents do what a simple model of them does, over many changes drawn at random. */
export const documentHistoryCases: readonly StoreCase[] = [1, 2, 3, 4, 5, 6].map((seed) => ({
  name: `does with ${STEPS} random changes what a simple model does (seed ${seed})`,
  requires: ['state', 'exact-time'],
  async run({ state: [a, b], advance }) {
    const random = seededRandom(seed * 104_729);
    await a.documents('clock').set('now', '');
    const start = (await a.documents('clock').read('now'))[0]?.createdAt as number;
    const model = new DocumentModel(0);
    for (let step = 0; step < STEPS; step += 1) {
      const at = `seed ${seed}, step ${step}`;
      if (random() < 0.2) {
        const ms = 1 + Math.floor(random() * 800);
        await advance(ms);
        model.advance(ms);
      }
      await takeStep(model, (step % 2 === 0 ? a : b).documents(), random, at);
      await assertSame(model, (step % 3 === 0 ? a : b).documents(), start, at);
    }
  },
}));
