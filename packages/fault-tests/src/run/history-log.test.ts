import { describe, expect, it } from 'vitest';

import { HistoryLog } from './history-log.ts';

/** Is a record of the item at a place in the list of names. */
const record = (name: number, version: number, at: number): Float64Array => Float64Array.of(name, version, at);

describe('HistoryLog', () => {
  it('finds a read that began after a later version was promised, and who made it', () => {
    const log = new HistoryLog();
    log.addReads(2, 0, record(0, 7, 101));
    log.addInvalidations(record(0, 8, 100));
    expect(log.staleReads()).toEqual([
      { worker: 2, resource: 's1/i1', version: 7, promised: 8, startedAt: 101, promisedAt: 100 },
    ]);
  });

  it('lets a worker see what is not older than it may be', () => {
    const log = new HistoryLog();
    log.addReads(0, 50, record(0, 7, 149));
    log.addReads(1, 0, record(0, 7, 100));
    log.addInvalidations(record(0, 8, 100));
    expect(log.staleReads()).toEqual([]);
  });

  it('promises what a dead writer has changed when its barrier is over', () => {
    const log = new HistoryLog();
    log.addReads(0, 0, record(0, 7, 599));
    log.addReads(0, 0, record(0, 7, 601));
    log.addInvalidations(record(0, 8, 100), 500);
    expect(log.staleReads().map(({ startedAt }) => startedAt)).toEqual([601]);
  });

  it('checks all of many batches', () => {
    const log = new HistoryLog();
    log.addInvalidations(record(5, 2, 10));
    const stale = [0, 99_999, 100_000, 100_001, 249_999];
    for (let index = 0; index < 250_000; index += 1)
      log.addReads(0, 0, record(5, stale.includes(index) ? 1 : 2, index + 11));
    expect(log.staleReads().map(({ startedAt }) => startedAt - 11)).toEqual(stale);
  });
});
