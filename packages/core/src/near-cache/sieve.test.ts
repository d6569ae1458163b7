import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Sieve, type SieveNode } from './sieve.ts';

interface Node extends SieveNode<Node> {
  readonly key: string;
}

function nodeOf(key: string, bytes = 1): Node {
  return { key, bytes, visited: false, newer: undefined, older: undefined };
}

function given({ maxEntries = Infinity, maxBytes = Infinity }) {
  const evicted: string[] = [];
  const nodes = new Map<string, Node>();
  const sieve = new Sieve<Node>(maxEntries, maxBytes, (node) => {
    evicted.push(node.key);
    nodes.delete(node.key);
  });
  return {
    sieve,
    evicted,
    add(key: string, bytes?: number) {
      const node = nodeOf(key, bytes);
      nodes.set(key, node);
      sieve.add(node);
    },
    visit(key: string) {
      (nodes.get(key) as Node).visited = true;
    },
    remove(key: string) {
      sieve.remove(nodes.get(key) as Node);
      nodes.delete(key);
    },
    keys: () => [...sieve.nodes()].map(({ key }) => key).join(''),
  };
}

describe('a sieve', () => {
  it('lets go of the oldest when nothing has been read', () => {
    const { add, evicted, keys } = given({ maxEntries: 3 });
    for (const key of 'abcde') add(key);
    expect(keys()).toBe('cde');
    expect(evicted).toEqual(['a', 'b']);
  });

  it('spares what was read since, once', () => {
    const { add, visit, evicted, keys } = given({ maxEntries: 4 });
    for (const key of 'abcd') add(key);
    visit('a');
    visit('b');
    add('e'); // c goes; a and b have used up their protection, but the hand has passed them
    for (const key of 'fgh') add(key);
    expect(evicted).toEqual(['c', 'd', 'e', 'f']);
    expect(keys()).toBe('abgh');
  });

  it('starts over with the oldest when the hand has come to the end', () => {
    const { add, visit, evicted } = given({ maxEntries: 3 });
    for (const key of 'abc') add(key);
    visit('a');
    visit('b');
    add('d'); // c was the newest then
    for (const key of 'ef') add(key);
    expect(evicted).toEqual(['c', 'a', 'b']);
  });

  it('goes once around when everything has been read', () => {
    const { add, visit, evicted, keys } = given({ maxEntries: 3 });
    for (const key of 'abc') add(key);
    for (const key of 'abc') visit(key);
    add('d'); // all are visited: the hand goes once around and takes the oldest
    expect(evicted).toEqual(['a']);
    expect(keys()).toBe('bcd');
    visit('b');
    add('e'); // the hand stands at b, which was read again
    expect(evicted).toEqual(['a', 'c']);
  });

  it('keeps what is read often while a scan of things read once passes through', () => {
    const { add, visit, keys } = given({ maxEntries: 10 });
    for (const key of 'ABCDE') add(key);
    for (let index = 0; index < 1_000; index += 1) {
      if (index % 3 === 0) for (const key of 'ABCDE') visit(key);
      add(String.fromCodePoint(0x4e00 + index));
    }
    expect(keys()).toMatch(/^ABCDE/);
  });

  it('makes room by bytes as well, as much as a large one needs', () => {
    const { add, evicted, sieve } = given({ maxBytes: 100 });
    for (const key of 'abcd') add(key, 25);
    add('e', 60);
    expect(evicted).toEqual(['a', 'b', 'c']);
    add('f', 15);
    expect(evicted).toEqual(['a', 'b', 'c']);
    expect(sieve.size).toBe(3);
  });

  it('admits what fits into an empty sieve, and nothing where there is no room at all', () => {
    expect(given({ maxBytes: 100 }).sieve.admits(100)).toBe(true);
    expect(given({ maxBytes: 100 }).sieve.admits(101)).toBe(false);
    expect(given({ maxEntries: 0 }).sieve.admits(0)).toBe(false);
  });

  it('goes on when an entry is removed, wherever the hand stands', () => {
    for (const removed of 'bcd') {
      const { add, remove, visit, evicted } = given({ maxEntries: 4 });
      for (const key of 'abcd') add(key);
      visit('a');
      add('e'); // takes b's place away: the hand stands at c now
      if (removed !== 'b') remove(removed);
      for (const key of 'fgh') add(key);
      expect(new Set(evicted).size).toBe(evicted.length);
      expect(evicted).not.toContain(removed === 'b' ? 'none' : removed);
    }
  });

  it('lets the entry just listed be removed', () => {
    const { add, remove, sieve, keys } = given({});
    for (const key of 'abcd') add(key);
    for (const { key } of sieve.nodes()) if (key !== 'c') remove(key);
    expect(keys()).toBe('c');
    expect(sieve.size).toBe(1);
  });

  it('decides like a list that is searched from the hand on', () => {
    const key = fc.constantFrom(...'abcdefghij');
    const step = fc.record({
      kind: fc.constantFrom('add', 'add', 'add', 'visit', 'visit', 'remove'),
      key,
      bytes: fc.nat(9),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 9, max: 40 }),
        (steps, maxEntries, maxBytes) => {
          const { add, visit, remove, keys, sieve } = given({ maxEntries, maxBytes });
          const model = new ListSieve(maxEntries, maxBytes);
          for (const { kind, key: chosen, bytes } of steps) {
            const isThere = model.has(chosen);
            if (kind === 'add' && !isThere) {
              add(chosen, bytes);
              model.add(chosen, bytes);
            }
            if (kind === 'visit' && isThere) {
              visit(chosen);
              model.visit(chosen);
            }
            if (kind === 'remove' && isThere) {
              remove(chosen);
              model.remove(chosen);
            }
            expect(keys()).toBe(model.keys());
            expect(sieve.size).toBe(model.keys().length);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

/** Is SIEVE over a plain list, oldest first: slow, and simple enough to be right. */
class ListSieve {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #list: { key: string; bytes: number; visited: boolean }[] = [];
  #hand = 0;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  has(key: string): boolean {
    return this.#indexOf(key) >= 0;
  }

  keys(): string {
    return this.#list.map(({ key }) => key).join('');
  }

  visit(key: string): void {
    (this.#list[this.#indexOf(key)] as { visited: boolean }).visited = true;
  }

  add(key: string, bytes: number): void {
    const room = (): number => this.#maxBytes - this.#list.reduce((sum, node) => sum + node.bytes, 0);
    while (this.#list.length > 0 && (this.#list.length >= this.#maxEntries || room() < bytes)) this.#evict();
    // A hand past the newest has come to the end: it starts over, it does not wait for the next one.
    if (this.#hand >= this.#list.length) this.#hand = 0;
    this.#list.push({ key, bytes, visited: false });
  }

  remove(key: string): void {
    const index = this.#indexOf(key);
    this.#list.splice(index, 1);
    if (index < this.#hand) this.#hand -= 1;
    if (this.#hand >= this.#list.length) this.#hand = 0;
  }

  #evict(): void {
    if (this.#hand >= this.#list.length) this.#hand = 0;
    for (;;) {
      const node = this.#list[this.#hand] as { key: string; visited: boolean };
      if (!node.visited) return this.remove(node.key);
      node.visited = false;
      this.#hand = (this.#hand + 1) % this.#list.length;
    }
  }

  #indexOf(key: string): number {
    return this.#list.findIndex((node) => node.key === key);
  }
}
