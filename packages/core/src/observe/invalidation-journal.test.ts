import { describe, expect, it } from 'vitest';

import { InvalidationJournal } from './invalidation-journal.ts';

describe('InvalidationJournal', () => {
  it('names who invalidated a tag last', () => {
    const journal = new InvalidationJournal();
    journal.record(['a', 'b'], { by: 'add_to_cart', resources: [] });
    journal.record(['b'], { by: 'invalidate', resources: [] });
    expect([journal.causeOf('a')?.by, journal.causeOf('b')?.by]).toEqual(['add_to_cart', 'invalidate']);
  });

  it('knows nothing about other tags, or about none', () => {
    const journal = new InvalidationJournal();
    journal.record(['a'], { by: 'add_to_cart', resources: [] });
    expect([journal.causeOf('c'), journal.causeOf(undefined)]).toEqual([undefined, undefined]);
  });

  it('is bounded: what was longest not invalidated is forgotten', () => {
    const journal = new InvalidationJournal(2);
    journal.record(['a', 'b'], { by: 'one', resources: [] });
    journal.record(['a'], { by: 'two', resources: [] });
    journal.record(['c'], { by: 'three', resources: [] });
    expect(['a', 'b', 'c'].map((tag) => journal.causeOf(tag)?.by)).toEqual(['two', undefined, 'three']);
  });
});
