import { seededRandom } from '@keepstep/core/testing';
import { describe, expect, it } from 'vitest';

import { EventQueue } from './event-queue.ts';

describe('EventQueue', () => {
  it('gives events back in the order of their moments, and of their coming where moments are equal', () => {
    const random = seededRandom(1);
    const queue = new EventQueue();
    const ran: [at: number, order: number][] = [];
    for (let order = 0; order < 2000; order += 1) {
      const at = Math.floor(random() * 50);
      queue.push({ at, run: () => ran.push([at, order]), isCancelled: false });
      if (random() < 0.3) queue.pop();
    }
    for (let event = queue.pop(); event !== undefined; event = queue.pop()) event.run();
    expect(ran.length).toBeGreaterThan(1000);
    expect(ran).toEqual(ran.toSorted(([at, order], [otherAt, otherOrder]) => at - otherAt || order - otherOrder));
  });

  it('leaves out events that were cancelled', () => {
    const queue = new EventQueue();
    const cancelled = { at: 1, run: () => undefined, isCancelled: false };
    const kept = { at: 2, run: () => undefined, isCancelled: false };
    queue.push(cancelled);
    queue.push(kept);
    cancelled.isCancelled = true;
    expect(queue.pop()).toBe(kept);
    expect(queue.pop()).toBeUndefined();
  });
});
