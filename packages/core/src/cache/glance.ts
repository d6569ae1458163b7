import { GLOBAL_PLACE } from '../session/place.ts';
import { activeContext } from '../session/session-context.ts';
import type { PipelineParts } from './run-tool-call.ts';
import type { ToolBinding } from './tool-binding.ts';

/**
 * Answers the commonest call of all at a glance: a read whose result is for everybody and at hand, made outside sessions
 * and other calls, with nobody listening. There is nothing to decide about it, so nothing is put together.
 *
 * @returns undefined for every other call: `runToolCall` then tells the story from the beginning
 */
export function glance(
  parts: PipelineParts,
  binding: ToolBinding,
  args: readonly unknown[],
): Promise<unknown> | undefined {
  const { policy, counters } = binding;
  if (policy.kind !== 'read' || policy.scope !== 'global' || parts.suspended() !== undefined) return undefined;
  if (activeContext(parts.owner) !== undefined) return undefined;
  const address = binding.recall(GLOBAL_PLACE, args);
  return address && parts.reads.glance(address, policy, counters);
}
