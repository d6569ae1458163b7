import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, type Store } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph';
import { describe, expect, it, onTestFinished } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { interceptedStore } from './intercepted-store.ts';

const CONFIG = { configurable: { thread_id: 'thread' }, durability: 'sync' as const };
const CHANGES = new Set(['put', 'putWrites']);

const stores: readonly [string, () => Store][] = [
  ['memory', () => memoryStore()],
  [
    'a file',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'keepstep-test-'));
      const store = sqliteStore({ path: join(folder, 'agent.db') });
      onTestFinished(async () => {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      });
      return store;
    },
  ],
];

const Steps = Annotation.Root({
  steps: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
});

/** Makes plan -> two pieces of work side by side -> end, and tells of each node that runs. */
function graphOn(saver: KeepstepSaver, ran: (node: string) => void, mark = '') {
  const node = (name: string) => {
    ran(name);
    return { steps: [mark + name] };
  };
  return new StateGraph(Steps)
    .addNode('plan', () => node('plan'))
    .addNode('work', ({ item }: { readonly item: string }) => node(`work ${item}`))
    .addNode('end', () => node('end'))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () => ['x', 'y'].map((item) => new Send('work', { item })), ['work'])
    .addEdge('work', 'end')
    .addEdge('end', END)
    .compile({ checkpointer: saver });
}

/** Lets a process run the graph that dies at one of its changes, before or after the store has carried it out. */
async function runUntil(store: Store, change: number, isDone: boolean, ran: (node: string) => void) {
  let changes = 0;
  let isDead = false;
  const acknowledged: string[] = [];
  const dying = interceptedStore(store, (method, args) => {
    if (CHANGES.has(method) && !isDead) {
      changes += 1;
      if (changes > change || (changes === change && !isDone)) isDead = true;
      else if (method === 'putWrites') acknowledged.push(...(args[1] as { task: string }[]).map(({ task }) => task));
    }
    if (isDead) throw new Error('the process is dead');
  });
  const result = await graphOn(new KeepstepSaver({ store: dying }), ran)
    .invoke({ steps: ['input'] }, CONFIG)
    .then(
      () => 'ended',
      () => 'died',
    );
  return { result, tasks: new Set(acknowledged).size };
}

/**
 * Lets a process die at each change in turn, and another one go on.
 *
 * @returns how many nodes were run again although their writes were acknowledged, over all deaths
 */
async function dieEverywhere(open: () => Store, isDone: boolean, Saver = KeepstepSaver): Promise<number> {
  let again = 0;
  for (let change = 1; ; change += 1) {
    const store = open();
    const runs: string[] = [];
    const ran = (node: string): void => void runs.push(node);
    const { result, tasks } = await runUntil(store, change, isDone, ran);
    if (result === 'ended') {
      expect(change).toBeGreaterThan(8);
      return again;
    }
    // The first task is the one that takes the input.
    const unacknowledged = runs.length - Math.max(0, tasks - 1);
    const saver = new Saver({ store });
    const found = await saver.getTuple(CONFIG);
    const { steps } = await graphOn(saver, ran).invoke(found === undefined ? { steps: ['input'] } : null, CONFIG);
    expect(steps, `died at change ${change}`).toEqual(['input', 'plan', 'work x', 'work y', 'end']);
    again += Math.max(0, runs.length - 4 - unacknowledged);
  }
}

/** Is a checkpointer that does not know what tasks have written. */
class ForgetfulSaver extends KeepstepSaver {
  override async getTuple(config: object) {
    const found = await super.getTuple(config);
    return found && { ...found, pendingWrites: [] };
  }
}

describe.each(stores)('a process that dies at any change of %s', (_, open) => {
  it.each([false, true])(
    'leaves a thread that goes on where it was, and does nothing again (the last change was carried out: %s)',
    async (isDone) => {
      expect(await dieEverywhere(open, isDone)).toBe(0);
    },
  );

  it('would be found to do things again by a checkpointer that forgets what tasks have written', async () => {
    expect(await dieEverywhere(open, false, ForgetfulSaver)).toBeGreaterThan(0);
  });
});

describe.each(stores)('two processes on one thread of %s', (_, open) => {
  it('see every checkpoint whole, whoever wrote it, and never a mixture of two', async () => {
    const store = open();
    const savers = [new KeepstepSaver({ store }), new KeepstepSaver({ store })];
    const graphs = savers.map((saver, index) => graphOn(saver, () => undefined, index === 0 ? 'a ' : 'b '));
    await Promise.all(
      graphs.flatMap((graph) => [1, 2, 3].map((round) => graph.invoke({ steps: [`input ${round}`] }, CONFIG))),
    );

    const kept = new Map<string, { readonly steps: readonly string[]; readonly parent: string | undefined }>();
    for await (const { checkpoint, parentConfig } of (savers[0] as KeepstepSaver).list(CONFIG)) {
      const steps = (checkpoint.channel_values['steps'] ?? []) as readonly string[];
      kept.set(checkpoint.id, { steps, parent: parentConfig?.configurable?.['checkpoint_id'] as string | undefined });
    }
    // Six runs of an input, a plan, two pieces of work and an end.
    expect(kept.size).toBe(6 * 5);
    for (const [id, { steps, parent }] of kept) {
      const before = parent === undefined ? [] : (kept.get(parent)?.steps ?? ['lost']);
      expect(steps.slice(0, before.length), `checkpoint ${id} goes on from its parent`).toEqual(before);
      expect(steps.length - before.length).toBeLessThanOrEqual(2);
    }
  });
});
