import { cloneValue } from './value-clone.ts';
import { estimateBytes, inspectValue, VALUE_FORM, type ValueForm, type ValueInspection } from './value-inspection.ts';

/**
 * Says what a reader of a cached value gets.
 *
 * - `copy`: an object of its own, to do with as it likes.
 * - `freeze`: the same deeply frozen object for all readers. A value that holds a `Date`, `Map`, `Set`, `URL` or bytes
 *   cannot be frozen; it is copied.
 * - `share`: the very object that was cached. Whoever changes it changes it for all.
 */
export type Isolation = 'copy' | 'freeze' | 'share';

/** Holds a value inside the process as it was at one moment. */
export interface ValueSnapshot {
  /** Returns the value, isolated as was asked for. */
  open(): unknown;
  /** Returns a promise of what `open` returns. */
  promise(): Promise<unknown>;
  /** Estimates the bytes that the value takes on the heap. */
  readonly bytes: number;
  /** Is the value itself, for a store that writes it down at once; nobody changes it. */
  readonly held: unknown;
  /** Is what `inspectValue` said about the value; undefined for a shared value, which was not inspected. */
  readonly form: ValueForm | undefined;
}

/**
 * Takes a snapshot of a value. Unless it is shared, nothing that happens to the value later shows in the snapshot.
 *
 * @throws NotEncodableError for the values that `encodeValue` refuses; a shared value may be anything
 */
export function takeSnapshot(value: unknown, isolation: Isolation): ValueSnapshot {
  if (isolation === 'share') return new FixedSnapshot(value, estimateBytes(value), undefined);
  const inspection = inspectValue(value);
  return holdValue(cloneValue(value, inspection.form), inspection, isolation);
}

/** Makes a snapshot of a value that nobody else holds, such as one that was just read from a store. */
export function holdValue(value: unknown, { form, bytes }: ValueInspection, isolation: Isolation): ValueSnapshot {
  if (typeof value !== 'object' || value === null || isolation === 'share')
    return new FixedSnapshot(value, bytes, form);
  if (isolation === 'copy' || form === VALUE_FORM.exotic) return new CopyingSnapshot(value, bytes, form);
  deepFreeze(value);
  return new FixedSnapshot(value, bytes, form);
}

/** Holds a value that nobody else can change, or that may be shared. */
class FixedSnapshot implements ValueSnapshot {
  readonly held: unknown;
  readonly bytes: number;
  readonly form: ValueForm | undefined;
  #promise: Promise<unknown> | undefined;

  constructor(held: unknown, bytes: number, form: ValueForm | undefined) {
    this.held = held;
    this.bytes = bytes;
    this.form = form;
  }

  open(): unknown {
    return this.held;
  }

  /** Returns the same promise each time, as the value is the same. */
  promise(): Promise<unknown> {
    return (this.#promise ??= Promise.resolve(this.held));
  }
}

class CopyingSnapshot implements ValueSnapshot {
  readonly held: object;
  readonly bytes: number;
  readonly form: ValueForm;

  constructor(held: object, bytes: number, form: ValueForm) {
    this.held = held;
    this.bytes = bytes;
    this.form = form;
  }

  open(): unknown {
    return cloneValue(this.held, this.form);
  }

  async promise(): Promise<unknown> {
    return this.open();
  }
}

function deepFreeze(value: object): void {
  Object.freeze(value);
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === 'object' && member !== null && !Object.isFrozen(member)) deepFreeze(member);
  }
}
