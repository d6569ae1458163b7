import assert from 'node:assert/strict';

import type { DocumentChange, DocumentContent } from '../../store/document-store.ts';
import { DocumentModel } from '../document-model.ts';
import { seededRandom } from '../seeded-random.ts';
import type { DocumentClient } from '../state-client.ts';
import type { StoreCase } from '../store-case.ts';

const KEYS = ['a', 'b', 'c', 'd'];
const STEPS = 300;

/** Says what is drawn in a history. */
interface Course {
  readonly random: () => number;
  readonly model: DocumentModel;
  /** Lists the times that a document may stay; undefined is for good. */
  readonly ttls: readonly (number | undefined)[];
}

/** Draws a change of a key, with everything that a change can say. */
function drawChange(key: string, { random, model, ttls }: Course): DocumentChange {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const found = model.get(key)?.version ?? 0;
  const conditions = {
    key,
    expectedVersion: random() < 0.7 ? undefined : pick([found, found, found + 1, 0]),
    fence: random() < 0.7 ? undefined : 1 + Math.floor(random() * 20),
  };
  const ttlMs = pick(ttls);
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
  return { ...conditions, kind: 'touch', ttlMs: pick(ttls.filter((ttl) => ttl !== undefined)) };
}

async function takeStep(course: Course, client: DocumentClient, at: string): Promise<void> {
  const { model, random } = course;
  if (random() < 0.02) {
    assert.equal(await client.store.clear(`clear ${at}`), model.clear(), at);
    return;
  }
  const changes = KEYS.filter(() => random() < 0.35).map((key) => drawChange(key, course));
  if (changes.length === 0) return;
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

async function assertSame(
  { model }: Course,
  client: DocumentClient,
  start: number | undefined,
  at: string,
): Promise<void> {
  const found = await client.read(...KEYS);
  for (const [index, key] of KEYS.entries()) {
    const { content, metadata, version, expiresAt } = found[index] ?? {};
    const expected = model.get(key);
    const facts = [content, metadata, version, expiresAt === undefined];
    assert.deepEqual(
      facts,
      [expected?.content, expected?.metadata, expected?.version, expected?.expiresAt === undefined],
      `${at}, key ${key}`,
    );
    if (start !== undefined && expiresAt !== undefined) assert.equal(expiresAt - start, expected?.expiresAt, at);
  }
  assert.deepEqual((await client.keys()).keys, model.keys(), at);
}

/** Checks that documents do what a simple model of them does, over many changes drawn at random. */
export const documentHistoryCases: readonly StoreCase[] = [
  ...[1, 2, 3, 4].map((seed): StoreCase => ({
    name: `does with ${STEPS} random changes what a simple model does (seed ${seed})`,
    requires: ['state'],
    async run({ state: [a, b] }) {
      const course = {
        random: seededRandom(seed * 104_729),
        model: new DocumentModel(0),
        ttls: [undefined, 3_600_000],
      };
      for (let step = 0; step < STEPS; step += 1) {
        const at = `seed ${seed}, step ${step}`;
        await takeStep(course, (step % 2 === 0 ? a : b).documents(), at);
        await assertSame(course, (step % 3 === 0 ? a : b).documents(), undefined, at);
      }
    },
  })),
  ...[1, 2, 3, 4].map((seed): StoreCase => ({
    name: `does with ${STEPS} random changes while time passes what a simple model does (seed ${seed})`,
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      const ttls = [undefined, undefined, 1, 500, 5_000];
      const course = { random: seededRandom(seed * 15_485_863), model: new DocumentModel(0), ttls };
      await a.documents('clock').set('now', '');
      const start = (await a.documents('clock').read('now'))[0]?.createdAt as number;
      for (let step = 0; step < STEPS; step += 1) {
        const at = `seed ${seed}, step ${step}`;
        if (course.random() < 0.2) {
          const ms = 1 + Math.floor(course.random() * 800);
          await advance(ms);
          course.model.advance(ms);
        }
        await takeStep(course, (step % 2 === 0 ? a : b).documents(), at);
        await assertSame(course, (step % 3 === 0 ? a : b).documents(), start, at);
      }
    },
  })),
];
