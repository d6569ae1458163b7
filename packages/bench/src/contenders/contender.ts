import type { Argument, ArgumentForm } from '../near-cache/argument.ts';

/** Says what a hit must hand out; `any` where the result is a text, which nobody can change. */
export type Sharing = 'copy' | 'freeze' | 'share' | 'any';

/** Is what every contender of a table is asked to do. */
export interface Task {
  readonly argument: ArgumentForm;
  readonly sharing: Sharing;
  readonly maxEntries: number;
  readonly load: (argument: Argument) => Promise<unknown>;
}

/** Is a cache that is ready to be measured. */
export interface OpenCache {
  /** Answers a call that is in the cache. */
  readonly hit: (argument: never) => unknown;
  /** Tells that `hit` answers at once, and not with a promise. */
  readonly answersAtOnce?: boolean;
  /** Answers a call whether it is in the cache or not; undefined where the cache cannot load. */
  readonly read: ((argument: never) => Promise<unknown>) | undefined;
  /** Puts the result of a call into the cache. Default: `read`. */
  readonly fill?: (argument: never) => Promise<unknown>;
  /** Tells that concurrent reads of one call are meant to load once. */
  readonly loadsOnce: boolean;
  /** Runs the measurement inside whatever the calls need around them, a session for one. */
  readonly within?: (work: () => Promise<number>) => Promise<number>;
  /** Empties a cache that has no bounds, so that it cannot grow from turn to turn. */
  readonly empty?: () => Promise<void> | void;
  /** Throws when something has happened that makes the figures worthless. */
  readonly verify?: () => void;
  readonly close?: () => Promise<void> | void;
}

/** Is one way of keeping results. */
export interface Contender {
  readonly name: string;
  /** Names the package it comes from; undefined for the language's own. */
  readonly package: string | undefined;
  /** Says, shortly, what is measured where the name does not. */
  readonly note?: string;
  /** Opens an empty cache for a task; a text says why it cannot do the task. */
  open(task: Task): OpenCache | string;
}

/** Is the time that every contender keeps its entries, in milliseconds: none is over while a bench runs. */
export const TTL_MS = 1_800_000;

/** Says why a contender has no place in a table. */
export const REFUSAL = {
  textKeys: 'takes keys that are texts only',
  shares: 'hands out the very object',
  cannotFreeze: 'does not freeze',
} as const;
