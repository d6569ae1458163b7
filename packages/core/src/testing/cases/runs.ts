import assert from 'node:assert/strict';

import { openingOf, recordOf } from '../state-client.ts';
import type { StoreCase } from '../store-case.ts';

const requires = ['state'] as const;
const exact = ['state', 'exact-time'] as const;

/** Checks runs: recording in one step, fences, time, listing. */
export const runCases: readonly StoreCase[] = [
  {
    name: 'creates a run when it is opened, and finds it with what was recorded',
    requires,
    async run({ state: [a, b] }) {
      assert.equal(await b.runs.read('run'), undefined);
      const run = await a.runs.open('run');
      assert.deepEqual([run.status, run.currentStep, run.steps.size, run.openings], ['running', undefined, 0, 1]);
      await a.runs.record(run, 'run', { step: { id: 'one', text: '1' } });
      await a.runs.record(run, 'run', { step: { id: 'two', text: '2' } });
      const found = await b.runs.open('run', 2);
      assert.deepEqual([found.incarnation, found.currentStep, found.openings], [run.incarnation, 'two', 2]);
      assert.deepEqual(
        [...found.steps],
        [
          ['one', '1'],
          ['two', '2'],
        ],
      );
    },
  },
  {
    name: 'records a step, the status and the events together, or nothing',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run', 5);
      const events = [
        { type: 'step', text: 'one' },
        { type: 'end', text: '' },
      ];
      const record = { step: { id: 'one', text: '1' }, status: 'completed', outcome: 'result', events } as const;
      assert.deepEqual(await b.runs.record(run, 'run', { ...record, fence: 4 }), { kind: 'stale', fence: 5 });
      assert.equal((await a.runs.read('run'))?.steps.size, 0);
      assert.deepEqual(await a.runs.log('run').texts(), []);
      assert.equal((await a.runs.record(run, 'run', { ...record, fence: 5 })).kind, 'recorded');
      const found = await b.runs.read('run');
      assert.deepEqual(
        [found?.status, found?.outcome, found?.currentStep, found?.steps.get('one')],
        ['completed', 'result', 'one', '1'],
      );
      assert.deepEqual(
        (await b.runs.log('run').read()).entries.map(({ id, type, text }) => [id, type, text]),
        [
          [1, 'step', 'one'],
          [2, 'end', ''],
        ],
      );
    },
  },
  {
    name: 'writes the event of an opening in the same step: one for a new run, another for one that goes on',
    requires,
    async run({ state: [a, b] }) {
      const events = {
        createdEvents: [{ type: 'note', text: 'created' }],
        resumedEvents: [{ type: 'note', text: 'resumed' }],
      };
      await a.runs.tryOpen('run', 5, 60_000, events);
      await b.runs.tryOpen('run', 6, 60_000, events);
      await a.runs.tryOpen('run', 5, 60_000, events);
      assert.deepEqual(await b.runs.log('run').texts(), ['created', 'resumed']);
    },
  },
  {
    name: 'changes nothing but the fence of a completed run that is opened',
    requires: exact,
    async run({ state: [a, b], advance }) {
      const run = await a.runs.open('run', 5);
      await a.runs.record(run, 'run', { fence: 5, status: 'completed', outcome: 'result' });
      const before = await a.runs.read('run');
      await advance(1_000);
      await b.runs.tryOpen('run', 6, 60_000, { resumedEvents: [{ type: 'note', text: 'resumed' }] });
      assert.deepEqual(await a.runs.read('run'), before);
      assert.deepEqual(await a.runs.log('run').texts(), []);
      assert.equal((await a.runs.tryOpen('run', 5)).kind, 'stale');
    },
  },
  {
    name: 'refuses an opening and a record with a lower fence than the run has seen',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run', 5);
      await b.runs.open('run', 6);
      assert.deepEqual(await a.runs.tryOpen('run', 5), { kind: 'stale', fence: 6 });
      const late = { step: { id: 'one', text: 'late' }, fence: 5 };
      assert.deepEqual(await a.runs.record(run, 'run', late), { kind: 'stale', fence: 6 });
      assert.equal((await b.runs.record(run, 'run', { fence: 6 })).kind, 'recorded');
      assert.equal((await b.runs.read('run'))?.steps.size, 0);
    },
  },
  {
    name: 'keeps the first result of a step',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run');
      await a.runs.record(run, 'run', { step: { id: 'one', text: 'first' } });
      await b.runs.record(run, 'run', { step: { id: 'one', text: 'second' } });
      assert.equal((await a.runs.read('run'))?.steps.get('one'), 'first');
    },
  },
  {
    name: 'opens and records once for each operation',
    requires,
    async run({ state: [a, b] }) {
      const opening = openingOf({ id: 'run', createdEvents: [{ type: 'note', text: 'created' }] });
      const opened = await a.runs.store.open('opening', opening);
      assert.deepEqual(await b.runs.store.open('opening', opening), opened);
      const run = await a.runs.read('run');
      if (run === undefined) assert.fail('the run is gone');
      assert.equal(run.openings, 1);
      assert.deepEqual(await b.runs.log('run').texts(), ['created']);
      const record = recordOf(run, 'run', { events: [{ type: 'note', text: '' }] });
      const recorded = await a.runs.store.record('recording', record);
      await a.runs.record(run, 'run', {});
      assert.deepEqual(await b.runs.store.record('recording', record), recorded);
      assert.deepEqual(await a.runs.log('run').texts(), ['created', '']);
    },
  },
  {
    name: 'does not do later what it has refused, or what was deleted since, when the request comes once more',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run', 6);
      const opening = openingOf({ id: 'run', fence: 5 });
      const stale = await a.runs.store.open('late opening', opening);
      assert.deepEqual(stale, { kind: 'stale', fence: 6 });
      const record = recordOf(run, 'run', { fence: 5 });
      const refused = await a.runs.store.record('late record', record);
      assert.deepEqual(refused, { kind: 'stale', fence: 6 });
      const again = openingOf({ id: 'run', fence: 7 });
      assert.equal((await a.runs.store.open('opening', again)).kind, 'opened');
      await a.runs.store.delete('deleting', 'run');
      assert.deepEqual(await b.runs.store.open('late opening', opening), stale);
      assert.deepEqual(await b.runs.store.record('late record', record), refused);
      assert.deepEqual(await b.runs.store.open('opening', again), { kind: 'gone' });
      assert.equal(await b.runs.read('run'), undefined);
      assert.deepEqual(await b.runs.log('run').texts(), []);
    },
  },
  {
    name: 'raises the version with every change',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run');
      const versions = [run.version];
      for (let turn = 0; turn < 5; turn += 1) {
        const recorded = await (turn % 2 === 0 ? a : b).runs.record(run, 'run', {});
        if (recorded.kind === 'recorded') versions.push(recorded.version);
      }
      assert.deepEqual(
        versions,
        [0, 1, 2, 3, 4, 5].map((turn) => run.version + turn),
      );
    },
  },
  {
    name: 'lets a run go with all it holds when its time is over, which a record prolongs',
    requires: exact,
    async run({ state: [a, b], advance }) {
      const run = await a.runs.open('run', 1, 1_000);
      await advance(999);
      await a.runs.record(run, 'run', { ttlMs: 1_000, events: [{ type: 'note', text: '' }] });
      await advance(999);
      assert.notEqual(await b.runs.read('run'), undefined);
      await advance(1);
      assert.equal(await b.runs.read('run'), undefined);
      assert.deepEqual(await b.runs.log('run').texts(), []);
      assert.deepEqual((await b.runs.list()).keys, []);
      assert.deepEqual(await a.runs.record(run, 'run', {}), { kind: 'gone' });
    },
  },
  {
    name: 'refuses what belongs to an earlier run of the same id',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run');
      await a.runs.record(run, 'run', { step: { id: 'one', text: '1' }, events: [{ type: 'note', text: 'old' }] });
      assert.equal(await b.runs.store.delete('deleting', 'run'), true);
      assert.equal(await b.runs.store.delete('deleting again', 'run'), false);
      const next = await b.runs.open('run');
      assert.notEqual(next.incarnation, run.incarnation);
      assert.equal(next.steps.size, 0);
      assert.deepEqual(await a.runs.record(run, 'run', { step: { id: 'two', text: '2' } }), { kind: 'gone' });
      assert.deepEqual(await b.runs.log('run').texts(), []);
    },
  },
  {
    name: 'keeps the outcome of a run until it runs again',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run');
      await a.runs.record(run, 'run', { status: 'failed', outcome: 'why' });
      await b.runs.record(run, 'run', {});
      assert.deepEqual([(await b.runs.read('run'))?.status, (await b.runs.read('run'))?.outcome], ['failed', 'why']);
      await b.runs.record(run, 'run', { status: 'running' });
      assert.deepEqual(
        [(await a.runs.read('run'))?.status, (await a.runs.read('run'))?.outcome],
        ['running', undefined],
      );
    },
  },
  {
    name: 'lists runs by status, prefix and page',
    requires,
    async run({ state: [a, b] }) {
      for (const id of ['job:2', 'job:1', 'job:3', 'other']) {
        const run = await a.runs.open(id);
        if (id !== 'job:3') await a.runs.record(run, id, { status: 'completed' });
      }
      assert.deepEqual(await b.runs.list(), { keys: ['job:1', 'job:2', 'job:3', 'other'], more: false });
      assert.deepEqual((await b.runs.list({ status: 'running' })).keys, ['job:3']);
      assert.deepEqual((await b.runs.list({ status: 'failed' })).keys, []);
      const first = await b.runs.list({ status: 'completed', prefix: 'job:', limit: 1 });
      assert.deepEqual(first, { keys: ['job:1'], more: true });
      const rest = { status: 'completed', prefix: 'job:', after: 'job:1' } as const;
      assert.deepEqual(await b.runs.list(rest), { keys: ['job:2'], more: false });
    },
  },
  {
    name: 'records every one of many steps that return at once',
    requires,
    async run({ state: [a, b] }) {
      const run = await a.runs.open('run');
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? a : b).runs.record(run, 'run', {
            step: { id: `step ${index}`, text: `${index}` },
            events: [{ type: 'step', text: `${index}` }],
          }),
        ),
      );
      const found = await b.runs.read('run');
      assert.equal(found?.steps.size, 40);
      assert.deepEqual(await a.runs.log('run').texts(), [...(found?.steps.values() ?? [])]);
    },
  },
];
