import type { Session } from '../session.ts';
import type { ToolPolicy } from '../tool-policy.ts';

/** Is the input of a tool: one object, as a model writes it. */
export type ToolInput = Readonly<Record<string, unknown>>;

/** Is a tool of the suite, which a harness turns into one of its framework. Its input must be let through as it is. */
export interface AdapterTool {
  readonly name: string;
  /** Says what the tool is to the cache; undefined for a tool that no policy names. */
  readonly policy: ToolPolicy | undefined;
  /** Runs the tool. It throws and returns what the framework's own tools would. */
  readonly run: (input: ToolInput, execution: AdapterExecution) => unknown;
  /** Runs a streaming tool: yields preliminary results, the last of which is also returned. Such a tool has no other way to run. */
  readonly stream?: (input: ToolInput, execution: AdapterExecution) => AsyncGenerator<unknown, unknown>;
}

/** Is what a framework hands to a tool beside its input. */
export interface AdapterExecution {
  readonly signal: AbortSignal | undefined;
}

/** Is one call, as a model asks for it. */
export interface AdapterCall {
  readonly toolName: string;
  readonly input: ToolInput;
  readonly toolCallId: string;
  /** Is the session that the framework's own context names, in whatever way it does; undefined where it names none. */
  readonly session: Session | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Is what comes back to the model. */
export interface AdapterAnswer {
  /** Is `failed` where the framework reports a failure of the tool or throws its error. */
  readonly status: 'answered' | 'failed';
  /** Is the id that the answer carries. */
  readonly toolCallId: string;
  /** Is the result; where the framework turns results into text, what is read back from it. */
  readonly value?: unknown;
  /** Says what the model is told about a failure, or holds the message of the error. */
  readonly message?: string;
  /** Is the error itself, for frameworks that can do `error-identity`. */
  readonly error?: unknown;
  /** Lists the preliminary results in order, for frameworks that can do `streaming`. */
  readonly parts?: readonly unknown[];
}

/**
 * Answers one call of a tool, as the framework would when a model asks for it. A failure of the tool is an answer; an
 * aborted call may reject.
 */
export type AdapterConnection = (call: AdapterCall) => Promise<AdapterAnswer>;

/** Is something a tool does that is no result: an interrupt that it throws, a command that it returns. */
export interface ControlFlow {
  readonly name: string;
  /** Throws or returns it. */
  readonly run: () => unknown;
}
