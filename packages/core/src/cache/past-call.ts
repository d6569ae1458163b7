import type { ToolOutcome } from '../tool-call.ts';
import { answerText, loopIdentity } from './loop-check.ts';
import { NEVER } from './single-flight.ts';
import type { Step } from './step.ts';

/**
 * Counts a call that was made before, and returns the answer that it had. The counters come to where they were when it was
 * over; what is found meanwhile was found then, and is told to nobody.
 */
export async function countPastCall({
  session,
  binding,
  info,
  address,
  execute,
  receiver,
}: Step): Promise<ToolOutcome> {
  const { loop } = binding.policy;
  const detector = loop === false ? undefined : session?.state.detector;
  const policy = loop === false ? undefined : loop;
  const call = detector?.begin(info.toolName, loopIdentity(info, address?.key, policy), policy);
  let value: unknown;
  try {
    value = await execute({ signal: NEVER }, receiver, info.args);
    return { status: 'executed', value };
  } finally {
    if (call !== undefined) {
      const { poll } = policy ?? {};
      const text = policy && poll && value !== undefined ? answerText(value, policy) : undefined;
      // A poll made its pauses: how much time lay between its answers is not known any more.
      detector?.end(call, text, policy && poll && { ...policy, poll: { ...poll, minIntervalMs: 0 } });
    }
  }
}
