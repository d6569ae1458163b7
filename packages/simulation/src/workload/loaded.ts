import type { Item } from './source.ts';

/** Is what the tools of a simulation return: all that is needed to judge whether it may be served, and to whom. */
export interface Loaded {
  /** Holds the versions that were read, by item. */
  readonly versions: Readonly<Record<Item, number>>;
  /** Is whose result it is: everybody's, one user's, or one session's. */
  readonly owner: string;
  /** Is when the source was read, by the true time. */
  readonly at: number;
  /** Fills the value, so that some take another way through the store than others. */
  readonly padding?: string;
}

/** Is what a tool throws on purpose; whoever called must get this very object. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}
