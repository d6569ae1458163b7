import type { ToolCache } from '../tool-cache.ts';
import type { ToolOutcome } from '../tool-call.ts';
import { RIGHT, type AdapterSteps } from './plain-adapter.ts';

/** Is an adapter that does one step wrongly. */
export interface AdapterSabotage {
  readonly name: string;
  /** Names a case of the conformance suite that sees it. */
  readonly caughtBy: string;
  /** Returns new steps, so that what an adapter remembers begins with it. */
  readonly steps: () => Partial<AdapterSteps>;
}

/** Lists adapters that are wrong, each for one reason. Most of them were seen in the wild. */
export const adapterSabotages: readonly AdapterSabotage[] = [
  {
    name: 'leaves the name of the tool out of the key',
    caughtBy: 'keeps apart the same input of two tools',
    steps: () => ({ toolCall: (call) => ({ ...RIGHT.toolCall(call), toolName: 'tool' }) }),
  },
  {
    name: 'turns inputs into text on its own',
    caughtBy: 'keeps apart inputs that look alike: 1 and "1", null and "null", nested and flat',
    steps: () => ({
      toolCall: (call) => ({ ...RIGHT.toolCall(call), args: [Object.entries(call.input).join()] }),
    }),
  },
  {
    name: 'tells properties by their order',
    caughtBy: 'takes the same properties in another order for the same input',
    steps: () => ({ toolCall: (call) => ({ ...RIGHT.toolCall(call), args: [JSON.stringify(call.input)] }) }),
  },
  {
    name: 'replays the whole answer, id included',
    caughtBy: 'answers the second of two identical calls without running the tool',
    steps: () => ({ answer: rememberingAnswers() }),
  },
  {
    name: 'keeps the id of the call to itself',
    caughtBy: 'gives the answer and every event the id of the call itself, also on a hit',
    steps: () => ({ toolCall: (call) => ({ ...RIGHT.toolCall(call), toolCallId: undefined }) }),
  },
  {
    name: 'turns errors into results before the cache sees them',
    caughtBy: 'reports an error that a tool throws, and does not keep it',
    steps: () => ({
      run: (cache, call, policy, execute) =>
        cache.call(call, policy, async (execution) => {
          try {
            return await execute(execution);
          } catch (error) {
            return { error: String(error) };
          }
        }),
    }),
  },
  {
    name: 'wraps errors in errors of its own',
    caughtBy: 'hands out the very error that the tool has thrown',
    steps: () => ({ failure: (call, error) => RIGHT.failure(call, new Error('tool failed', { cause: error })) }),
  },
  {
    name: 'keeps results that say the tool has failed',
    caughtBy: 'does not keep a result that says the tool has failed',
    steps: () => ({ policy: ({ policy = { kind: 'other' } }) => policy }),
  },
  {
    name: 'does not tell the cache about writes',
    caughtBy: 'reads anew what a write has changed, and nothing else',
    steps: () => ({ policy: (tool) => (tool.policy?.kind === 'write' ? { kind: 'other' } : RIGHT.policy(tool)) }),
  },
  {
    name: 'looks after a write only if it succeeds',
    caughtBy: 'reads anew after a write that has failed: it may have happened',
    steps: () => ({ run: invalidatingOnSuccess }),
  },
  {
    name: 'shares running calls on its own',
    caughtBy: 'lets nobody who comes after a write join a load from before it, and keeps nothing of that load',
    steps: () => ({ run: sharingCalls() }),
  },
  {
    name: 'lets every call run by itself',
    caughtBy: 'runs identical calls that come at once a single time',
    steps: () => ({
      run: async (_, { signal = new AbortController().signal }, __, execute) => ({
        status: 'miss',
        value: await execute({ signal }),
      }),
    }),
  },
  {
    name: 'gives the tool the signal of the caller',
    caughtBy: 'leaves others unharmed when one of several callers is aborted, whoever came first',
    steps: () => ({
      run: (cache, { signal, ...call }, policy, execute) =>
        cache.call({ ...call, signal }, policy, (execution) => execute({ signal: signal ?? execution.signal })),
    }),
  },
  {
    name: 'forgets the signal',
    caughtBy: 'tells the tool to stop when its only caller is aborted, and keeps nothing of it',
    steps: () => ({ toolCall: ({ signal, ...call }) => RIGHT.toolCall({ ...call, signal: signal && undefined }) }),
  },
  {
    name: 'forgets the session',
    caughtBy: 'keeps a result within the session that the framework names',
    steps: () => ({ toolCall: (call) => RIGHT.toolCall({ ...call, session: undefined }) }),
  },
  {
    name: 'shares private results with everybody',
    caughtBy: 'keeps nothing private where there is no session',
    steps: () => ({
      policy: ({ policy = { kind: 'other' } }) => (policy.kind === 'read' ? { ...policy, scope: 'global' } : policy),
    }),
  },
  {
    name: 'runs a tool although it was refused',
    caughtBy: 'refuses the call that would close a cycle, before it runs',
    steps: () => ({
      run: async (cache, call, policy, execute) => {
        try {
          return await cache.call(call, policy, execute);
        } catch {
          return { status: 'bypass', value: await execute({ signal: new AbortController().signal }) };
        }
      },
    }),
  },
  {
    name: 'takes tools that no policy names past the cache',
    caughtBy: 'refuses a call that was made too often, hits included, and says so',
    steps: () => ({ run: pastTheCache }),
  },
  {
    name: 'fails when the store does',
    caughtBy: 'goes on answering, with true results, while every request to the store is rejected',
    steps: () => ({ run: failingWithTheStore }),
  },
  {
    name: 'hands out a stream when it is over',
    caughtBy: 'streams a tool that runs, and answers a hit with its final result',
    steps: () => ({ part: (part, parts) => parts.splice(0, parts.length, part) }),
  },
];

function rememberingAnswers(): AdapterSteps['answer'] {
  const known = new Map<string, ReturnType<AdapterSteps['answer']>>();
  return (call, value, parts) => {
    const key = `${call.toolName} ${JSON.stringify(call.input)}`;
    const answer = known.get(key) ?? RIGHT.answer(call, value, parts);
    known.set(key, answer);
    return answer;
  };
}

function sharingCalls(): AdapterSteps['run'] {
  const running = new Map<string, Promise<ToolOutcome>>();
  return (cache, call, policy, execute) => {
    const key = `${call.toolName} ${JSON.stringify(call.args)}`;
    const shared = running.get(key) ?? cache.call(call, policy, execute).finally(() => running.delete(key));
    running.set(key, shared);
    return shared;
  };
}

const invalidatingOnSuccess: AdapterSteps['run'] = async (cache, call, policy, execute) => {
  if (policy.kind !== 'write') return cache.call(call, policy, execute);
  const outcome = await cache.call(call, { kind: 'other' }, execute);
  await cache.call(call, policy, () => undefined);
  return outcome;
};

const pastTheCache: AdapterSteps['run'] = async (cache, call, policy, execute) =>
  policy.kind === 'other'
    ? { status: 'bypass', value: await execute({ signal: new AbortController().signal }) }
    : cache.call(call, policy, execute);

const failingWithTheStore: AdapterSteps['run'] = async (cache, call, policy, execute) => {
  const errors: unknown[] = [];
  const stop = watchErrors(cache, errors);
  const outcome = await cache.call(call, policy, execute).finally(stop);
  if (errors.length > 0) throw errors[0];
  return outcome;
};

function watchErrors(cache: ToolCache, errors: unknown[]): () => void {
  return cache.on((event) => {
    if (event.type === 'store-error') errors.push(event.error);
  });
}

/** Returns the steps of an adapter that does one of them wrongly. */
export function sabotagedSteps({ steps }: AdapterSabotage): AdapterSteps {
  return { ...RIGHT, ...steps() };
}
