import type { BypassReason } from '../events.ts';
import type { CallInfo } from '../observe/reporter.ts';
import type { AgentSession } from '../session/agent-session.ts';
import type { CallFrame } from '../session/call-frame.ts';
import type { Place } from '../session/place.ts';
import type { EntryAddress } from '../store/entry-store.ts';
import type { Execution, ToolCall } from '../tool-call.ts';
import type { ResolvedPolicy } from '../tool-policy.ts';
import type { ToolBinding } from './tool-binding.ts';

/** Runs the tool; one function serves all calls of it, so that a hit makes no closure. */
export type Execute = (execution: Execution, receiver: unknown, args: readonly unknown[]) => unknown;

/** Is one call on its way through the pipeline. */
export interface Step<Policy extends ResolvedPolicy = ResolvedPolicy> {
  readonly call: ToolCall;
  readonly binding: ToolBinding<Policy>;
  readonly execute: Execute;
  /** Is `this` for the tool and for a policy's `key`. */
  readonly receiver: unknown;
  readonly info: CallInfo;
  readonly session: AgentSession | undefined;
  /** Is the call inside which this one is made. */
  readonly parent: CallFrame | undefined;
  /** Is where the result lives, or why it lives nowhere. */
  place: Place | BypassReason;
  /** Identifies the call; undefined when its arguments cannot be encoded, or when nobody asks. */
  address: EntryAddress | undefined;
  /** Says why there is no address. */
  obstacle: string | undefined;
}
