/** Is what an instance holds, and what cannot be said in fields. */
export interface InstanceContent {
  /** Holds the fields under the names that they have in the instance; what a new instance has anyway may be missing. */
  readonly fields: object;
  /** Tells that the fields are data, and not something that has to be refused. */
  readonly isSound: boolean;
  /** Is plain JSON. */
  readonly note?: unknown;
}

/** Is a class whose instances are kept. */
export interface KeptClass {
  /** Names the class in what is stored; stable across releases. */
  readonly name: string;
  /** Returns what an instance holds, as a new object. What must not be kept stays in it as it is, and is refused later. */
  contentOf(instance: object): InstanceContent;
  /** Makes an instance that `fill` completes. */
  create(): object | Promise<object>;
  /** Completes a new instance. The fields come from the store: they may be any plain data. */
  fill(instance: object, fields: Readonly<Record<string, unknown>>, note: unknown): void;
}
