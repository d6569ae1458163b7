import type { Isolation } from '../codec/value-snapshot.ts';
import type { Counters } from '../observe/counters.ts';
import type { CallInfo } from '../observe/reporter.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import type { CallFrame } from '../session/call-frame.ts';
import type { Place } from '../session/place.ts';
import type { EntryAddress } from '../store/entry-store.ts';
import type { Execution } from '../tool-call.ts';
import type { RefreshRules } from './refresh.ts';

/** Says how results are kept; the same for every call of a tool. */
interface ReadRules extends RefreshRules {
  readonly isolation: Isolation;
  readonly cacheIf: ((result: unknown) => boolean) | undefined;
}

/** Is one load: what it depends on, and how to run it. */
export interface LoadRequest {
  readonly info: CallInfo;
  readonly rules: ReadRules;
  /** Is where the result lives. */
  readonly place: Place;
  /** Is who declares the resources: entries of another declarer may have been stored with fewer. */
  readonly declarer: object;
  /** Lists the tags that are known before the load. */
  readonly tags: readonly string[];
  /** Lists the resources that are known before the load. */
  readonly resources: readonly ResourcePath[];
  readonly resourceCounters: readonly Counters[];
  /** Returns the time the result is fresh. */
  readonly ttlMs: (result: unknown) => number;
  /** Returns the tags that only the result can tell. */
  readonly resultTags?: ((result: unknown) => readonly string[]) | undefined;
  /** Runs the tool so that calls inside it find the frame. */
  readonly run: (frame: CallFrame, execution: Execution) => unknown;
  readonly signal: AbortSignal | undefined;
  /** Is the call inside which this one is made. */
  readonly parent: CallFrame | undefined;
}

/** Is one read: a load, and where its result lives. */
export interface ReadRequest extends LoadRequest {
  readonly address: EntryAddress;
  /** Asks for a new result although a valid one may be there. */
  readonly refresh?: boolean;
}
