import { keptClassNamed } from './class-finder.ts';
import type { KeptClass } from './kept-class.ts';
import type { ClassMark } from './strip-classes.ts';

/**
 * Makes of a copy that `stripClasses` has made, and that was decoded since, what it was; the copy itself is used up.
 *
 * @throws SyntaxError for marks that do not fit
 */
export async function reviveClasses(plain: unknown, marks: unknown): Promise<unknown> {
  if (!Array.isArray(marks)) throw new SyntaxError('The marks are no list.');
  const root = [plain];
  const reviving = new Reviving();
  const places = marks.map((mark) => reviving.placeOf(root, mark));
  for (const place of places) await reviving.create(place);
  for (const place of places) reviving.replace(place);
  reviving.finish();
  return root[0];
}

type Collection = Map<unknown, unknown> | Set<unknown>;

/** Is a place where an instance belongs. */
interface MarkedPlace {
  readonly container: object;
  readonly key: string | number;
  /** Holds the fields of the instance. */
  readonly fields: Record<string, unknown>;
  readonly kept: KeptClass;
  readonly note: unknown;
}

/** Is an instance that is being made. */
interface Instance extends MarkedPlace {
  readonly value: object;
}

class Reviving {
  readonly #instances = new Map<object, Instance>();
  readonly #members = new Map<Collection, unknown[]>();

  placeOf(root: object, mark: unknown): MarkedPlace {
    if (!Array.isArray(mark) || !Array.isArray(mark[1])) throw new SyntaxError('A mark is none.');
    const [name, path, note] = mark as unknown as ClassMark;
    const kept = keptClassNamed(name);
    if (kept === undefined) throw new SyntaxError(`The class ${JSON.stringify(name)} is not on the list.`);
    let container: unknown = root;
    let key: string | number = 0;
    for (const next of path) {
      container = this.#partOf(container, key);
      key = next;
    }
    const fields = this.#partOf(container, key);
    if (typeof fields !== 'object' || fields === null || Object.getPrototypeOf(fields) !== Object.prototype) {
      throw new SyntaxError('A mark leads to what are no fields.');
    }
    return { container: container as object, key, fields: fields as Record<string, unknown>, kept, note };
  }

  async create(place: MarkedPlace): Promise<void> {
    const known = this.#instances.get(place.fields);
    if (known === undefined) this.#instances.set(place.fields, { ...place, value: await place.kept.create() });
    else if (known.kept !== place.kept) throw new SyntaxError('Two marks of one part differ.');
  }

  replace({ container, key, fields }: MarkedPlace): void {
    const { value } = this.#instances.get(fields) as Instance;
    const target = this.#members.get(container as Collection) ?? container;
    (target as Record<string | number, unknown>)[key] = value;
  }

  finish(): void {
    for (const [collection, members] of this.#members) {
      collection.clear();
      if (collection instanceof Set) for (const member of members) collection.add(member);
      else for (let i = 0; i < members.length; i += 2) collection.set(members[i], members[i + 1]);
    }
    for (const { kept, value, fields, note } of this.#instances.values()) kept.fill(value, fields, note);
  }

  #partOf(container: unknown, key: unknown): unknown {
    if (typeof container !== 'object' || container === null) throw new SyntaxError('A mark leads to nothing.');
    const target = container instanceof Map || container instanceof Set ? this.#membersOf(container) : container;
    // Nothing but own properties: a prototype is no part of a value.
    if ((typeof key !== 'string' && typeof key !== 'number') || !Object.hasOwn(target, key)) {
      throw new SyntaxError('A mark leads to nothing.');
    }
    return (target as Record<string | number, unknown>)[key];
  }

  #membersOf(collection: Collection): unknown[] {
    const known = this.#members.get(collection);
    if (known !== undefined) return known;
    const members: unknown[] = collection instanceof Set ? [...collection] : [...collection].flat(1);
    this.#members.set(collection, members);
    return members;
  }
}
