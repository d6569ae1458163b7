import type { Metrics, ToolCall } from '@keepstep/core';
import type { Invalidation } from '@keepstep/scenario-kit';

/** Is what a call says that has failed because its tool has, which those who have joined it hear as well. */
export const TOOL_FAILURE = 'The tool has failed.';

/** Tells a process what to do: open a cache of its own, run a call through it, or go on with one whose tool has run. */
export type RetailOrder =
  | { readonly type: 'open'; readonly url: string; readonly namespace: string; readonly invalidation: Invalidation }
  | { readonly type: 'call'; readonly id: number; readonly kind: 'read' | 'write'; readonly call: ToolCall }
  | { readonly type: 'executed'; readonly id: number; readonly value?: unknown; readonly hasFailed: boolean };

/** Tells what a process needs, a run of the tool; or what it has. */
export type RetailNotice =
  | { readonly type: 'opened' }
  | { readonly type: 'execute'; readonly id: number }
  | {
      readonly type: 'answered';
      readonly id: number;
      readonly status?: string;
      readonly value?: unknown;
      /** Says why the call has failed, if it has. */
      readonly failure?: string;
      readonly metrics: Metrics;
    };
