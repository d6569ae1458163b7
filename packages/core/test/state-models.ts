import type { SequentialModel } from '../src/testing/index.ts';

/** Is an addition to a counter; one of 0 is a read. */
export interface Count {
  readonly add: number;
}

/** Is a counter: the sum is what an addition answers. */
export const counterModel: SequentialModel<number, Count, number> = {
  initial: 0,
  step: (sum, { add }, output) => (output === undefined || output === sum + add ? { state: sum + add } : undefined),
  spell: String,
};

/** Is an item for a list; without one, a read. */
export interface Append {
  readonly item: string | undefined;
}

/** Is what a list answers: its length, or all of it. */
export type ListAnswer = number | readonly string[];

/** Is a list to which items are added at the end. */
export const listModel: SequentialModel<readonly string[], Append, ListAnswer> = {
  initial: [],
  step(items, { item }, output) {
    const state = item === undefined ? items : [...items, item];
    if (output === undefined) return { state };
    const answers = typeof output === 'number' ? output === state.length : String(output) === String(state);
    return answers ? { state } : undefined;
  },
  spell: String,
};

/** Is a value that is to be replaced if it is still the one that was read, or a read. */
export type Swap = { readonly from: string; readonly to: string } | { readonly read: true };

/** Is a value that changes by comparing its version; since no value is written twice, a version stands for a value. */
export const registerModel: SequentialModel<string, Swap, string> = {
  initial: 'none',
  step(value, input, output) {
    if ('read' in input) return output === undefined || output === value ? { state: value } : undefined;
    if (value !== input.from) return output === undefined || output === 'conflict' ? { state: value } : undefined;
    return output === undefined || output === 'swapped' ? { state: input.to } : undefined;
  },
  spell: (value) => value,
};

/** Takes a lock for a token, or frees it. */
export interface Locking {
  readonly kind: 'take' | 'free';
  readonly token: string;
}

/** Is who holds a lock, and the highest fence so far. */
export interface LockState {
  readonly holder: string | undefined;
  readonly fence: number;
}

/**
 * Is a lock: taking it answers a fence, or false where somebody has it; freeing it answers whether the token held it. Where
 * nothing was answered, a lock may have been taken with a fence that nobody knows, and is as good as held.
 */
export const lockModel: SequentialModel<LockState, Locking, number | boolean> = {
  initial: { holder: undefined, fence: 0 },
  step({ holder, fence }, { kind, token }, output) {
    if (kind === 'free') {
      if (output !== undefined && output !== (holder === token)) return undefined;
      return { state: { holder: holder === token ? undefined : holder, fence } };
    }
    if (holder !== undefined)
      return output === undefined || output === false ? { state: { holder, fence } } : undefined;
    if (output === undefined) return { state: { holder: token, fence } };
    return typeof output === 'number' && output > fence ? { state: { holder: token, fence: output } } : undefined;
  },
  spell: ({ holder, fence }) => `${holder} ${fence}`,
};
