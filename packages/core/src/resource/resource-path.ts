import { InvalidArgumentError, type InvalidOptionError } from '../errors.ts';

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

/** Is the kind of error that names what was wrong: an option or an argument. */
type Refusal = typeof InvalidArgumentError | typeof InvalidOptionError;

/**
 * Turns every allowed form into a list of paths.
 *
 * @param name names the argument or option in the error
 * @throws InvalidArgumentError, or what is given, for an empty path, or a segment that is not a string (a number is never turned into one silently)
 */
export function parseResources(
  input: ResourceInputs,
  name: string,
  Refused: Refusal = InvalidArgumentError,
): readonly ResourcePath[] {
  if (typeof input === 'string') return [[input]];
  if (!Array.isArray(input)) throw new Refused(name, input, ALLOWED);
  if (input.length === 0) return [];
  const several = input.some((part) => Array.isArray(part));
  return several ? input.map((part) => parsePath(part, name, Refused)) : [parsePath(input, name, Refused)];
}

/**
 * Turns the arguments of an `invalidate` method into a list of paths.
 *
 * @throws InvalidArgumentError as `parseResources`, and for no resource at all
 */
export function parseAllResources(resources: readonly ResourceInput[]): readonly ResourcePath[] {
  if (resources.length === 0) throw new InvalidArgumentError('resources', resources, 'at least one resource');
  return resources.map((resource) => parsePath(resource, 'resources', InvalidArgumentError));
}

const ALLOWED = 'a text, a path of texts such as ["cart", "user_1"], or a list of paths';

function parsePath(input: unknown, name: string, Refused: Refusal): ResourcePath {
  const path: unknown = typeof input === 'string' ? [input] : input;
  if (!Array.isArray(path) || path.length === 0) throw new Refused(name, input, ALLOWED);
  for (const segment of path) if (typeof segment !== 'string') throw new Refused(name, segment, ALLOWED);
  return path.slice();
}
