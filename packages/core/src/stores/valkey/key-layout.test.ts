import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { KeyLayout } from './key-layout.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });

/** Returns what a cluster chooses the slot of a key by. */
function hashTag(key: string): string {
  return /\{([^}]+)\}/.exec(key)?.[1] ?? key;
}

describe('the keys of a namespace', () => {
  it('of one entry lie in one slot of a cluster, whatever the names hold', () => {
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 64 }), (namespace, key, id, partitions) => {
        const layout = new KeyLayout(namespace, partitions);
        for (const session of [undefined, { id, opening: '1' }]) {
          const slot = layout.entry({ key, session });
          const keys = [slot.entry, slot.lease, slot.partition.clock, slot.partition.holders, slot.partition.channel];
          if (slot.session !== undefined) keys.push(slot.session, layout.sessionHolders({ id }));
          expect(new Set(keys.map(hashTag)).size).toBe(1);
        }
      }),
    );
  });

  it('are never those of another namespace, session or key', () => {
    fc.assert(
      fc.property(fc.tuple(text, text), fc.tuple(text, text), ([namespace, id], [otherNamespace, otherId]) => {
        fc.pre(namespace !== otherNamespace || id !== otherId);
        const [one, other] = [new KeyLayout(namespace, 4), new KeyLayout(otherNamespace, 4)];
        expect(one.session({ id })).not.toBe(other.session({ id: otherId }));
        expect(one.entry({ key: id }).entry).not.toBe(other.entry({ key: otherId }).entry);
        if (namespace !== otherNamespace) expect(one.guard).not.toBe(other.guard);
      }),
    );
  });

  it('tell lone surrogates apart, which UTF-8 does not', () => {
    const layout = new KeyLayout('shop', 1);
    expect(layout.session({ id: '\ud800' })).not.toBe(layout.session({ id: '\ud801' }));
    expect(layout.entry({ key: '\ud800' }).entry).not.toBe(layout.entry({ key: '\ud801' }).entry);
  });

  it('stay with an address that is used again, and are those of its own namespace', () => {
    const [one, other] = [new KeyLayout('one', 1), new KeyLayout('other', 1)];
    const address = { key: 'cart', held: null };
    const slot = one.entry(address);
    expect(one.entry(address)).toBe(slot);
    expect(other.entry(address).entry).toBe(other.entry({ key: 'cart' }).entry);
    expect(one.entry(address)).toBe(slot);
  });

  it('spread over all partitions', () => {
    const layout = new KeyLayout('shop', 16);
    const used = new Set(
      Array.from({ length: 500 }, (_, index) => layout.entry({ key: String(index) }).partition.index),
    );
    expect(used.size).toBe(16);
  });

  it('are the same for every release that shares a server', () => {
    const layout = new KeyLayout('shop', 16);
    const slot = layout.entry({ key: 'cart of ann' });
    expect([layout.guard, slot.entry, layout.session({ id: 'a:b' })]).toMatchInlineSnapshot(`
      [
        "ks:shop:layout",
        "ks:{shop/16.10}:e:i8ygVZfRbBgOO1FgDKC5F49M6qVLE2cVR6kQVVXeuaQ",
        "ks:{shop/16.6}:s:a%003ab",
      ]
    `);
  });
});
