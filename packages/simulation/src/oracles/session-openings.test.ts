import { describe, expect, it } from 'vitest';

import { SessionOpenings } from './session-openings.ts';

describe('SessionOpenings', () => {
  it('knows the end of an opening from the end of one that is over', () => {
    const openings = new SessionOpenings(() => 0);
    const owner = { unacknowledged: 0 };
    const endOfOne = openings.opened('s', owner);
    const endOfOther = openings.opened('s', owner);
    expect(endOfOne()()).toBe(true);
    expect(endOfOther()()).toBe(false);
    expect(openings.opened('s', owner)()()).toBe(true);
  });

  it('promises nothing where the store has failed, or has lost something', () => {
    let upheavals = 0;
    const openings = new SessionOpenings(() => upheavals);
    const owner = { unacknowledged: 0 };
    const endWithFailure = openings.opened('s', owner);
    owner.unacknowledged += 1;
    expect(endWithFailure()()).toBe(false);
    const endAfterLoss = openings.opened('s', owner);
    upheavals += 1;
    expect(endAfterLoss()()).toBe(false);
  });
});
