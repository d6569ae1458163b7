import { checkArgument, type checkOption } from '../option-checks.ts';

/**
 * Is the place of a piece of data in a tree, from the general to the particular: `["cart", "user_1"]`.
 *
 * A read depends on a path P, a write touches a path Q. The read is invalidated if and only if P is a prefix of Q or Q
 * is a prefix of P, equality included.
 */
export type ResourcePath = readonly string[];

/** Names one resource: a path, or a single segment for short. */
export type ResourceInput = string | ResourcePath;

/** Names one resource, several, or none. An array of strings is one path; an array that contains an array is several; `[]` is none. */
export type ResourceInputs = ResourceInput | readonly ResourceInput[];

/** Refuses what is not allowed by an error that names an option or an argument. */
type Check = typeof checkArgument | typeof checkOption;

/**
 * Turns every allowed form into a list of paths.
 *
 * @param name names the argument or option in the error
 * @throws InvalidArgumentError, or what is given, for an empty path, or a segment that is not a string (a number is never turned into one silently)
 */
export function parseResources(
  input: ResourceInputs,
  name: string,
  check: Check = checkArgument,
): readonly ResourcePath[] {
  if (typeof input === 'string') return [[input]];
  check(Array.isArray(input), name, input, ALLOWED);
  if (input.length === 0) return [];
  const several = input.some((part) => Array.isArray(part));
  return several ? input.map((part) => parsePath(part, name, check)) : [parsePath(input, name, check)];
}

/**
 * Turns the arguments of an `invalidate` method into a list of paths.
 *
 * @throws InvalidArgumentError as `parseResources`, and for no resource at all
 */
export function parseAllResources(resources: readonly ResourceInput[]): readonly ResourcePath[] {
  checkArgument(resources.length > 0, 'resources', resources, 'at least one resource');
  return resources.map((resource) => parsePath(resource, 'resources', checkArgument));
}

const ALLOWED = 'a text, a path of texts such as ["cart", "user_1"], or a list of paths';

function parsePath(input: unknown, name: string, check: Check): ResourcePath {
  if (typeof input === 'string') return [input];
  check(Array.isArray(input) && input.length > 0, name, input, ALLOWED);
  const path = input as readonly unknown[];
  for (const segment of path) check(typeof segment === 'string', name, segment, ALLOWED);
  return path.slice() as string[];
}
