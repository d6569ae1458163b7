import { GLOBAL_TREE, sessionTree, userTree, type ResourceTree } from '../resource/resource-tags.ts';
import type { Scope } from '../scope.ts';
import type { SessionHandle } from '../store/entry-store.ts';

/** Is where the results of one scope live, and which resource trees they hang on. */
export interface Place {
  readonly scope: Scope;
  /** Tells this place from all others; part of every cache key. */
  readonly partition: string;
  /** Is the tree that a write in this place touches. */
  readonly tree: ResourceTree;
  /** Lists the trees that a read in this place depends on: its own, and the global one, so that global writes reach it. */
  readonly trees: readonly ResourceTree[];
  readonly session: SessionHandle | undefined;
}

/** Is the place of results that everybody may see. */
export const GLOBAL_PLACE: Place = {
  scope: 'global',
  partition: 'g',
  tree: GLOBAL_TREE,
  trees: [GLOBAL_TREE],
  session: undefined,
};

/** Returns the place of one user's results. */
export function userPlace(userId: string): Place {
  const tree = userTree(userId);
  return { scope: 'user', partition: `u:${userId}`, tree, trees: [tree, GLOBAL_TREE], session: undefined };
}

/** Returns the place of one session's results. */
export function sessionPlace(session: SessionHandle): Place {
  const tree = sessionTree(session.id);
  return { scope: 'session', partition: `s:${session.id}`, tree, trees: [tree, GLOBAL_TREE], session };
}
