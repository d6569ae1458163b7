/**
 * Every error that Keepstep throws, in one file.
 *
 * They are recognised by a brand and not by `instanceof`: two copies of the package may be loaded in one process (two
 * versions in a dependency tree, source beside build), and an error of one must be understood by the other. Use
 * `KeepstepError.isInstance(error)` or compare `error.code`.
 *
 * Which of them can reach a caller of a tool: configuration errors (thrown where the option is given) and the
 * loop-detected error when the session says `onLoop: "raise"`. A tool's own error passes through unchanged, as the same
 * object. Failures of the store never surface from a tool call; those of durable state do surface from its methods.
 */

const BRAND: unique symbol = Symbol.for('keepstep.error') as never;

/** Names the kind of failure; stable across releases, safe to switch on. */
export type KeepstepErrorCode =
  | 'invalid_option'
  | 'invalid_argument'
  | 'loop_detected'
  | 'not_encodable'
  | 'cache_closed'
  | 'session_ended'
  | 'session_conflict'
  | 'store_unavailable'
  | 'store_timeout'
  | 'store_mismatch'
  | 'store_corrupt'
  | StateErrorCode;

/** Names a failure of durable state. */
export type StateErrorCode =
  | 'state_unsupported'
  | 'state_unavailable'
  | 'outcome_unknown'
  | 'data_corrupt'
  | 'version_conflict'
  | 'stale_fence'
  | 'wrong_type'
  | 'number_overflow'
  | 'value_too_large'
  | 'credential_refused'
  | 'lock_held'
  | 'lock_lost'
  | 'log_trimmed'
  | 'run_held'
  | 'run_lost'
  | 'run_ended';

/** Is the base of every error that Keepstep throws. */
export class KeepstepError extends Error {
  /** Names the kind of failure; compare this, not the message. */
  readonly code: KeepstepErrorCode;

  /** Points to the section of the error page that explains this code. */
  readonly docs: string;

  constructor(code: KeepstepErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KeepstepError';
    this.code = code;
    this.docs = `docs/errors.md#${code}`;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Tells whether a value is an error of any copy of Keepstep. */
  static isInstance(value: unknown): value is KeepstepError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}

/** Reports an option that is not allowed, before anything has happened. */
export class InvalidOptionError extends KeepstepError {
  /** Names the option by its path, for example `loop.poll.maxUnchanged`. */
  readonly option: string;

  constructor(option: string, received: unknown, allowed: string) {
    super('invalid_option', `Invalid option "${option}": received ${describe(received)}, allowed: ${allowed}.`);
    this.name = 'InvalidOptionError';
    this.option = option;
  }
}

/** Reports an argument of a method that is not allowed, before anything has happened. */
export class InvalidArgumentError extends KeepstepError {
  /** Names the argument. */
  readonly argument: string;

  constructor(argument: string, received: unknown, allowed: string) {
    super('invalid_argument', `Invalid argument "${argument}": received ${describe(received)}, allowed: ${allowed}.`);
    this.name = 'InvalidArgumentError';
    this.argument = argument;
  }
}

/** Reports a value that cannot be stored and read back unchanged, and where in the value the obstacle lies. */
export class NotEncodableError extends KeepstepError {
  /** Leads to the obstacle from the root of the value, for example `$.items[2].price`. */
  readonly path: string;

  /** Says what stands there, for example `a function` or `an instance of Socket`. */
  readonly obstacle: string;

  /** @param advice says in further sentences what the value is part of, and what to do */
  constructor(path: string, obstacle: string, advice?: string) {
    super('not_encodable', `Cannot encode ${obstacle} at ${path}.${advice === undefined ? '' : ` ${advice}`}`);
    this.name = 'NotEncodableError';
    this.path = path;
    this.obstacle = obstacle;
  }
}

/** Says why a store could not do what it was asked. */
export type StoreErrorCode = Extract<KeepstepErrorCode, `store_${string}`>;

/** Reports that a store could not do what it was asked. A tool call never fails with it: there it is seen in events only. */
export class StoreError extends KeepstepError {
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = 'StoreError';
  }
}

/** Says more about a failure of durable state; what does not belong to its code is undefined. */
export interface StateErrorDetails {
  /** Names what it is about: a key, the id of a run, the name of a lock or a log. */
  readonly subject: string;
  /** Is the version that stands in the way; 0 where there is no document. */
  readonly version?: number | undefined;
  /** Is the fence that stands in the way. */
  readonly fence?: number | undefined;
  /** Names who holds the lock or the run. */
  readonly owner?: string | undefined;
  /** Is how long it is held at least, in milliseconds, if nobody prolongs or releases it. */
  readonly remainingMs?: number | undefined;
  /** Leads to the obstacle from the root of the value, for example `$.headers.authorization`. */
  readonly path?: string | undefined;
  /** Is the id under which the operation may be repeated without being carried out twice. */
  readonly operationId?: string | undefined;
}

/** Reports that durable state cannot do what was asked for, and what stands in the way. */
export class StateError extends KeepstepError implements StateErrorDetails {
  declare readonly code: StateErrorCode;
  declare readonly subject: string;
  declare readonly version: number | undefined;
  declare readonly fence: number | undefined;
  declare readonly owner: string | undefined;
  declare readonly remainingMs: number | undefined;
  declare readonly path: string | undefined;
  declare readonly operationId: string | undefined;

  constructor(code: StateErrorCode, message: string, details: StateErrorDetails, options?: { cause?: unknown }) {
    super(code, message, options);
    this.name = 'StateError';
    Object.assign(this, details);
  }

  /** Tells whether a value is an error about durable state of any copy of Keepstep. */
  static override isInstance(value: unknown): value is StateError {
    return KeepstepError.isInstance(value) && value.name === 'StateError';
  }
}

/** Names the rule that recognised a loop. */
export type LoopRule = 'repeats' | 'cycle' | 'depth' | 'recursion' | 'nesting';

/** Describes a recognised loop. */
export interface LoopFinding {
  /** Names the rule. */
  readonly rule: LoopRule;
  /** Names the tool whose call was about to run. */
  readonly tool: string;
  /** Lists the tools of one round, oldest first, the refused call last. */
  readonly path: readonly string[];
  /** Counts the calls of one round: 1 for a repeated call. */
  readonly period: number;
  /** Counts the rounds seen, the refused one included. */
  readonly repeats: number;
  /** Counts what the rule counts: identical calls, calls of the repeated stretch, all calls of the session, or levels. */
  readonly count: number;
  /** Is the highest `count` that the rule allows. */
  readonly limit: number;
  /** Tells the model, in one sentence, what to do instead. */
  readonly hint: string;
}

/** Stops an agent that runs in circles, before the call that would close the next round is executed. */
export class AgentLoopDetectedError extends KeepstepError implements LoopFinding {
  declare readonly rule: LoopRule;
  declare readonly tool: string;
  declare readonly path: readonly string[];
  declare readonly period: number;
  declare readonly repeats: number;
  declare readonly count: number;
  declare readonly limit: number;
  declare readonly hint: string;

  constructor(message: string, finding: LoopFinding) {
    super('loop_detected', message);
    Object.assign(this, finding);
    this.name = 'AgentLoopDetectedError';
  }

  /** Tells whether a value is a loop error of any copy of Keepstep. */
  static override isInstance(value: unknown): value is AgentLoopDetectedError {
    return KeepstepError.isInstance(value) && value.code === 'loop_detected';
  }
}

/** Returns what a thrown value says, whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that cannot be shown';
  }
}

/** Refuses to open a session id for a user while it is open for another. */
export function sessionConflict(id: string): KeepstepError {
  return new KeepstepError('session_conflict', `Session ${JSON.stringify(id)} is open for another user.`);
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    return shorten(`an object with ${Object.keys(value).slice(0, 9).join(', ') || 'no keys'}`);
  }
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  return Object.is(value, -0) ? '-0' : shorten(String(value));
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
