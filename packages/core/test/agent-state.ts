import { memoryStore } from '../src/index.ts';
import { createAgentState, type AgentState, type AgentStateOptions, type StateError } from '../src/state/index.ts';
import { faultyStore, manualClock, type FaultyStore, type ManualClock } from '../src/testing/index.ts';
import { refusal } from './refusal.ts';

/** Sets up durable state in memory, on a clock that stands still, behind a store that can fail. */
export function givenState(options: Partial<AgentStateOptions> & { readonly seed?: number } = {}): {
  readonly state: AgentState;
  readonly store: FaultyStore;
  readonly clock: ManualClock;
} {
  const { seed, ...rest } = options;
  const clock = manualClock(1_700_000_000_000);
  const store = faultyStore(memoryStore({ clock }), seed === undefined ? {} : { async: true, seed });
  return { state: createAgentState({ store, clock, ...rest }), store, clock };
}

/** Runs something that is refused, and returns the code of the error, or what came in its place. */
export async function codeOf(run: () => unknown): Promise<unknown> {
  const error = await refusal(run);
  return (error as Partial<StateError> | undefined)?.code ?? error;
}
