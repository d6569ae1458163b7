import { describe, expect, it } from 'vitest';

import { givenState } from '../../test/agent-state.ts';
import { givenShop } from '../../test/sample-agents.ts';
import { journalTo } from './journal-to.ts';

describe('journalTo', () => {
  it('writes the events of a cache in order, without the arguments', async () => {
    const { cache, log, getCart, addToCart } = givenShop();
    const journal = journalTo(givenState({ seed: 4 }).state.log('cache'));
    void log;
    const { state } = givenState({ seed: 4 });
    const eventLog = state.log('cache');
    const writing = journalTo(eventLog);
    cache.on(writing);
    cache.on(journal);
    await getCart('ann');
    await getCart('ann');
    await addToCart('ann', 'laptop');
    await writing.flush();
    const entries = await eventLog.read<Record<string, unknown>>();
    expect(entries.map(({ type }) => type)).toEqual([
      'cache-miss',
      'tool-executed',
      'entry-stored',
      'cache-hit',
      'tool-executed',
      'resources-invalidated',
    ]);
    expect(entries.map(({ data }) => data['toolName'])).toContain('get_cart');
    expect(JSON.stringify(entries)).not.toContain('ann');
    expect(writing.dropped()).toBe(0);
  });

  it('keeps the message of an error, whatever else the error holds', async () => {
    const log = givenState().state.log('cache');
    const journal = journalTo(log);
    const error = Object.assign(new Error('no route'), { socket: () => 5 });
    journal({ type: 'store-error', at: 1, namespace: 'shop', operation: 'commit', error });
    await journal.flush();
    expect((await log.read())[0]?.data).toEqual({ at: 1, namespace: 'shop', operation: 'commit', error: 'no route' });
  });

  it('drops what is too much for the store or comes while it fails, counts it, and notes how much', async () => {
    const { state, store } = givenState();
    const log = state.log('cache');
    const journal = journalTo(log, { maxPending: 2 });
    const event = { type: 'store-error', at: 1, namespace: 'shop', operation: 'get', error: 'x' } as const;
    for (let count = 0; count < 5; count += 1) journal(event);
    expect(journal.dropped()).toBe(3);
    store.inject({ kind: 'reject' });
    await journal.flush();
    expect(journal.dropped()).toBe(5);
    store.heal();
    journal(event);
    await journal.flush();
    expect((await log.read()).map(({ type, data }) => [type, (data as { count?: number }).count])).toEqual([
      ['events-dropped', 5],
      ['store-error', undefined],
    ]);
    expect(journal.dropped()).toBe(5);
  });
});
