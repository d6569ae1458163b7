import type { ToolCache } from '../tool-cache.ts';
import type { AdapterClient } from './adapter-client.ts';
import type { AdapterTool, ControlFlow } from './adapter-port.ts';
import type { ConformanceCase, ConformanceGroup } from './conformance-suite.ts';
import type { FaultyStore } from './faulty-store.ts';

/**
 * Names what not every framework has; a case that needs it is left out for the others.
 *
 * - `streaming`: a tool may give preliminary results before the last one.
 * - `error-identity`: the error that a tool throws comes out as the same object.
 * - `returned-errors`: a tool may return a result that says it has failed.
 * - `control-flow`: a tool may throw or return what steers the framework and is no result.
 */
export type AdapterCapability = 'streaming' | 'error-identity' | 'returned-errors' | 'control-flow';

/** Is one thing that every adapter does, as data: any test runner can run it. */
export type AdapterCase = ConformanceCase<AdapterCapability, AdapterCaseContext>;

/** Gathers the cases of one concern. */
export type AdapterCaseGroup = ConformanceGroup<AdapterCase>;

/** Is what a case works with. */
export interface AdapterCaseContext {
  readonly cache: ToolCache;
  /** Is the store of the cache; it works until a case says otherwise. */
  readonly store: FaultyStore;
  /** Puts tools behind the adapter. */
  readonly connect: (...tools: readonly AdapterTool[]) => Promise<AdapterClient>;
  /** Returns a result that says the tool has failed, in the framework's own form. */
  readonly failure: (message: string) => unknown;
  /** Lists what a tool may do to steer the framework. */
  readonly controlFlow: readonly ControlFlow[];
}
