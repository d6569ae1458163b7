import type { Counters } from '../observe/counters.ts';
import type { CallInfo } from '../observe/reporter.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import type { CallFrame } from '../session/call-frame.ts';
import { tagsIn, type Place } from '../session/place.ts';
import { runInContext } from '../session/session-context.ts';
import type { EntryAddress } from '../store/entry-store.ts';
import type { Execution } from '../tool-call.ts';
import type { ResolvedReadPolicy } from '../tool-policy.ts';
import type { Engine } from './engine.ts';
import type { ReadRequest } from './read-request.ts';
import type { Step } from './step.ts';

/** Is the load of a read tool: what the call and the policy say about it. */
export class ToolLoad implements ReadRequest {
  readonly info: CallInfo;
  readonly rules: ResolvedReadPolicy;
  readonly place: Place;
  readonly declarer: object;
  readonly tags: readonly string[];
  readonly resources: readonly ResourcePath[];
  readonly resourceCounters: readonly Counters[];
  readonly resultTags: ((result: unknown) => readonly string[]) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly parent: CallFrame | undefined;
  readonly address: EntryAddress;
  readonly refresh: boolean;
  readonly #owner: object;
  readonly #step: Step<ResolvedReadPolicy>;

  /**
   * @param address is where the result lives, if it lives anywhere
   * @param refresh asks for a new result although a valid one may be there
   */
  constructor(
    { owner, resourceCounters }: Engine,
    step: Step<ResolvedReadPolicy>,
    place: Place,
    resources: readonly ResourcePath[],
    address: EntryAddress = NOT_LOOKED_UP,
    refresh: boolean = false,
  ) {
    const { call, binding } = step;
    const { resultResources } = binding.policy;
    this.info = step.info;
    this.rules = binding.policy;
    this.place = place;
    this.declarer = binding.policy;
    this.tags = tagsIn(place, resources);
    this.resources = resources;
    this.resourceCounters = resourceCounters.ofResources(resources);
    this.resultTags = resultResources && ((result) => tagsIn(place, resultResources(result, call.args)));
    this.signal = call.signal;
    this.parent = step.parent;
    this.address = address;
    this.refresh = refresh;
    this.#owner = owner;
    this.#step = step;
  }

  ttlMs(result: unknown): number {
    return this.rules.ttlMs(result, this.#step.call.args);
  }

  run(frame: CallFrame, execution: Execution): unknown {
    const { call, execute, receiver, session } = this.#step;
    return runInContext(this.#owner, session, frame, () => execute(execution, receiver, call.args));
  }
}

const NOT_LOOKED_UP: EntryAddress = { key: '' };
