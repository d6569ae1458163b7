import type { ResourcePath } from '../resource/resource-path.ts';
import { GLOBAL_TREE, readTags, sessionTree, userTree, type ResourceTree } from '../resource/resource-tags.ts';
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
  /** Is the partition of the user whose place this is, or is a part of. */
  readonly user: string | undefined;
}

/** Is the place of results that everybody may see. */
export const GLOBAL_PLACE: Place = {
  scope: 'global',
  partition: 'g',
  tree: GLOBAL_TREE,
  trees: [GLOBAL_TREE],
  session: undefined,
  user: undefined,
};

/** Stands for the place of a result that is private and has nobody to belong to. */
export const NOWHERE: Place = { ...GLOBAL_PLACE, scope: 'session', partition: '' };

/** Returns the place of one user's results. */
export function userPlace(userId: string): Place {
  const tree = userTree(userId);
  const partition = userPartition(userId);
  return { scope: 'user', partition, tree, trees: [tree, GLOBAL_TREE], session: undefined, user: partition };
}

/** Returns the place of one session's results. */
export function sessionPlace(session: SessionHandle, userId: string | undefined): Place {
  const tree = sessionTree(session.id);
  const user = userId === undefined ? undefined : userPartition(userId);
  return { scope: 'session', partition: `s:${session.id}`, tree, trees: [tree, GLOBAL_TREE], session, user };
}

/** Returns the tags that a read of these paths carries in a place: those of every tree that it depends on. */
export function tagsIn({ trees }: Place, paths: readonly ResourcePath[]): string[] {
  if (trees.length === 1) return readTags(trees[0] as ResourceTree, paths);
  return trees.flatMap((tree) => readTags(tree, paths));
}

/** Tells whether all who may see results of `outer` may see those of `inner`. */
export function isVisible(inner: Place, outer: Place): boolean {
  if (inner.scope === 'global' || inner === outer) return true;
  return inner.scope === 'user' && inner.partition === outer.user;
}

function userPartition(userId: string): string {
  return `u:${userId}`;
}
