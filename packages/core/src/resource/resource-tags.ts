import type { ResourcePath } from './resource-path.ts';

/*
 * How a tree of resources becomes a flat set of tags.
 *
 * The rule: a read of P is invalidated by a write of Q if and only if one is a prefix of the other. A store that had to
 * walk a tree for this would be slow and hard to share; a store that compares flat tags for equality is fast everywhere.
 * So each path X gets two tags, "=X" (a write touched exactly X) and "*X" (a write touched X or something below it):
 *
 *   a read of P carries   =A for every proper prefix A of P, and *P
 *   a write of Q bumps    =Q, *Q, and *A for every proper prefix A of Q
 *
 * The two sets meet in a "=" tag exactly when Q is a proper prefix of P, and in a "*" tag exactly when P equals Q or is
 * a proper prefix of Q. Together that is the rule, with no tag too many.
 *
 * Every segment is followed by "/" (a terminator, not a separator), so [], [""], ["a"] and ["a", ""] differ, and what
 * could be mistaken for structure is escaped, the escape character included, so no segment can forge another path.
 */

/** Is the tree that a tag belongs to: each scope has its own. */
export type ResourceTree = string;

/** Is the tree of the global scope. */
export const GLOBAL_TREE: ResourceTree = 'g:';

/** Returns the tree of one user. */
export function userTree(userId: string): ResourceTree {
  return `u:${encodeSegment(userId)}:`;
}

/** Returns the tree of one session. */
export function sessionTree(sessionId: string): ResourceTree {
  return `s:${encodeSegment(sessionId)}:`;
}

/** Returns the tags that a read of these paths carries; without a path, only a write to the whole tree invalidates it. */
export function readTags(tree: ResourceTree, paths: readonly ResourcePath[]): string[] {
  const [only] = paths;
  if (paths.length === 1) return pathTags(tree, only as ResourcePath);
  return [...new Set([exactly(tree), ...paths.flatMap((path) => pathTags(tree, path))])];
}

/** Returns the tags that a read of one path carries, each once. */
function pathTags(tree: ResourceTree, path: ResourcePath): string[] {
  const tags = [exactly(tree)];
  let prefix = tree;
  for (let depth = 0; depth < path.length; depth += 1) {
    if (depth > 0) tags.push(exactly(prefix));
    prefix += `${encodeSegment(path[depth] as string)}/`;
  }
  // Joined, not added: V8 keeps a sum in its parts, which cost memory for as long as the tag lives.
  tags.push(['*', prefix].join(''));
  return tags;
}

/** Returns the tag of a write to exactly this place. Many entries lie below one place, and share the text. */
function exactly(prefix: string): string {
  let tag = knownTags.get(prefix);
  if (tag === undefined) {
    if (knownTags.size >= MAX_KNOWN_TAGS) knownTags.clear();
    knownTags.set(prefix, (tag = ['=', prefix].join('')));
  }
  return tag;
}

const knownTags = new Map<string, string>();
const MAX_KNOWN_TAGS = 1024;

/** Returns the tags that a write of these paths bumps; the empty path invalidates the whole tree. */
export function writeTags(tree: ResourceTree, paths: readonly ResourcePath[]): string[] {
  const tags = new Set<string>();
  for (const path of paths) {
    let prefix = tree;
    for (const segment of path) {
      tags.add(`*${prefix}`);
      prefix += `${encodeSegment(segment)}/`;
    }
    tags.add(`*${prefix}`).add(`=${prefix}`);
  }
  return [...tags];
}

// Control characters are escaped too: stores use some of them between fields.
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[%/:\u0000-\u001f\u007f]/g;

function encodeSegment(segment: string): string {
  if (segment.search(SPECIAL) === -1) return segment;
  return segment.replace(SPECIAL, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
