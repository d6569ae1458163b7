import { VALUE_FORM, type ValueForm } from './value-inspection.ts';
import { copyBinary, kindOf } from './value-kind.ts';

/**
 * Copies a value deeply. References that were shared are shared in the copy, cycles included; of binary data the copy has
 * the visible bytes and no others.
 *
 * @param form is what `inspectValue` said about the value; the copy of a tree is the fast one
 */
export function cloneValue(value: unknown, form: ValueForm): unknown {
  if (!isObject(value)) return value;
  return form <= VALUE_FORM.tree ? cloneTree(value) : cloneGraph(value, new Map());
}

// An object is copied member by member, which V8 does faster than spreading it and looking for its objects afterwards; in
// this form of the loop it knows the members without asking for each, where `Object.keys` would make a list.
function cloneTree(value: object): object {
  if (Array.isArray(value)) {
    const copy: unknown[] = value.slice();
    for (let i = 0; i < copy.length; i++) {
      const member = copy[i];
      if (isObject(member)) copy[i] = cloneTree(member);
    }
    return copy;
  }
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    if (!hasOwn.call(value, key)) continue;
    const member = (value as Record<string, unknown>)[key];
    const own = isObject(member) ? cloneTree(member) : member;
    // Assigned, it would be the prototype.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: own, ...PLAIN });
    else copy[key] = own;
  }
  return copy;
}

// oxlint-disable-next-line typescript/unbound-method -- always called with an object of its own
const hasOwn = Object.prototype.hasOwnProperty;
const PLAIN = { writable: true, enumerable: true, configurable: true };

function cloneGraph(value: unknown, copies: Map<object, object>): unknown {
  if (!isObject(value)) return value;
  return copies.get(value) ?? cloneObject(value, copies);
}

function cloneObject(value: object, copies: Map<object, object>): object {
  const remember = <T extends object>(copy: T): T => {
    copies.set(value, copy);
    return copy;
  };
  const kind = kindOf(value)!;
  if (kind === 'Object') {
    const bare = Object.getPrototypeOf(value) === null;
    const copy: Record<string, unknown> = remember(bare ? Object.assign(Object.create(null), value) : { ...value });
    for (const key of Object.keys(copy)) copy[key] = cloneGraph(copy[key], copies);
    return copy;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = remember([]);
    for (const key of Object.keys(value)) copy[Number(key)] = cloneGraph(value[Number(key)], copies);
    // After the elements, so that the holes of a long, nearly empty array take no memory.
    copy.length = value.length;
    return copy;
  }
  if (value instanceof Map) {
    const copy = remember(new Map<unknown, unknown>());
    for (const [key, member] of value) copy.set(cloneGraph(key, copies), cloneGraph(member, copies));
    return copy;
  }
  if (value instanceof Set) {
    const copy = remember(new Set());
    for (const member of value) copy.add(cloneGraph(member, copies));
    return copy;
  }
  if (value instanceof Date) return remember(new Date(value.getTime()));
  return remember(value instanceof URL ? new URL(value.href) : copyBinary(value, kind));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
