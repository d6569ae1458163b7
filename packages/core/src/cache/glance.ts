import { GLOBAL_PLACE } from '../session/place.ts';
import { activeContext } from '../session/session-context.ts';
import { runToolCall, type PipelineParts } from './run-tool-call.ts';
import type { Execute } from './step.ts';
import type { ToolBinding } from './tool-binding.ts';

/**
 * Answers the commonest call of all at a glance: a read whose result is for everybody and at hand, or on its way, made
 * outside sessions and other calls, with nobody listening. There is nothing to decide about it, so nothing is put together.
 *
 * @returns undefined for every other call: `runToolCall` then tells the story from the beginning
 */
export function glance(
  parts: PipelineParts,
  binding: ToolBinding,
  args: readonly unknown[],
  execute: Execute,
  receiver: unknown,
): Promise<unknown> | undefined {
  const { policy, counters, toolName } = binding;
  if (policy.kind !== 'read' || policy.scope !== 'global' || parts.suspended() !== undefined) return undefined;
  if (activeContext(parts.owner) !== undefined) return undefined;
  const address = binding.recall(GLOBAL_PLACE, args);
  if (address === undefined) return undefined;
  const hit = parts.hits.glance(address, policy, counters);
  if (hit !== undefined) return hit;
  const again = async (hasFailed = false): Promise<unknown> =>
    (await runToolCall(parts, { toolName, args }, binding, execute, receiver, hasFailed)).value;
  return (
    parts.hits.glanceSoon(address, policy, counters, again) ??
    parts.reads.joinAtAGlance(address, policy, counters, again)
  );
}
