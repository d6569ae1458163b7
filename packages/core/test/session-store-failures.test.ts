import { describe, expect, it } from 'vitest';

import { createToolCache, memoryStore } from '../src/index.ts';
import { faultyStore, manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { quiescence } from './quiescence.ts';

/** Opens two caches over one store, of which only the first one meets its failures. */
function givenTwoCaches(async: boolean) {
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const store = faultyStore({ ...inner, shared: true }, { async });
  const log = eventLog();
  const failing = createToolCache({ store, clock, onEvent: log.listener });
  const working = createToolCache({ store: inner, clock });
  const data = { ticket: 'open' };
  const readPolicy = { name: 'get_ticket', resource: 'ticket' } as const;
  const fetchTicket = async (): Promise<string> => data.ticket;
  return {
    clock,
    failing,
    log,
    store,
    working,
    getHere: failing.read(fetchTicket, readPolicy),
    getThere: working.read(fetchTicket, readPolicy),
    close: failing.write(async () => (data.ticket = 'closed'), { name: 'close_ticket', invalidates: 'ticket' }),
  };
}

describe.each([
  ['that answers at once', false],
  ['that takes its time', true],
])('a session over a store %s', (_, async) => {
  it('that could not open it caches as soon as it can, and an event tells of every attempt', async () => {
    const { failing, getHere, log, store } = givenTwoCaches(async);
    store.inject({ operations: 'openSession', kind: async ? 'reject' : 'throw' });
    await failing.session({ id: 's1' }, async () => {
      expect(await getHere()).toBe('open');
      expect(log.of('store-error').map(({ operation }) => operation)).toContain('openSession');
      store.heal();
      await getHere();
      await quiescence();
      log.clear();
      await getHere();
      expect(log.types()).toContain('cache-hit');
    });
  });

  it('that could not open it does not lose what a write in it invalidates', async () => {
    const { clock, close, failing, getThere, store, working } = givenTwoCaches(async);
    const there = working.openSession({ id: 's1' });
    expect(await there.run(() => getThere())).toBe('open');
    store.inject({ kind: async ? 'reject' : 'throw' });
    await failing.session({ id: 's1' }, () => close());
    store.heal();
    await clock.advance(1_000);
    await quiescence();
    expect(await there.run(() => getThere())).toBe('closed');
  });
});
