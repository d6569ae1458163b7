import { describe, expect, it } from 'vitest';

import { givenState } from '../../test/agent-state.ts';
import type { AgentRun } from './agent-run.ts';

describe('a run among others', () => {
  it('has children with ids below its own, whose results are steps of the parent', async () => {
    const { state } = givenState();
    const executed: string[] = [];
    const work = async (run: AgentRun): Promise<string> =>
      run.step('research', async () => {
        await using child = run.child('research/tea');
        const found = await child.step('search', () => {
          executed.push(child.id);
          return 'leaves';
        });
        await child.complete(found);
        return found;
      });
    const first = state.run('run');
    expect(await work(first)).toBe('leaves');
    await first.release();
    expect(await work(state.run('run'))).toBe('leaves');
    expect(executed).toEqual(['run/research%2Ftea']);
    expect((await state.runs.list({ prefix: 'run/', status: 'completed' })).ids).toEqual(['run/research%2Ftea']);
  });

  it('is listed by status', async () => {
    const { state } = givenState();
    await state.run('a').step('one', () => 1);
    await state.run('b').complete();
    await state.run('c').fail('why');
    expect((await state.runs.list()).ids).toEqual(['a', 'b', 'c']);
    expect((await state.runs.list({ status: 'failed' })).ids).toEqual(['c']);
    const page = await state.runs.list({ limit: 2 });
    expect((await state.runs.list({ cursor: page.cursor })).ids).toEqual(['c']);
    expect(await state.runs.delete('a')).toBe(true);
    expect(await state.runs.delete('a')).toBe(false);
    expect((await state.runs.list({ status: 'running' })).ids).toEqual([]);
  });
});
