/** Is one operation on one object, as the process saw it that called it. */
export interface OperationRecord<Input, Output> {
  readonly input: Input;
  /** Is what came back; undefined where nothing did. */
  readonly output: Output | undefined;
  /**
   * Says how it ended. `unknown` is an operation that may have happened at any time after its call, or may never happen;
   * one that has failed for certain is no part of a history.
   */
  readonly outcome: 'ok' | 'unknown';
  /** Are moments of one clock that never shows the same time twice, such as a counter. */
  readonly calledAt: number;
  /** Is not looked at where the outcome is unknown. */
  readonly returnedAt: number;
}

/** Says what an object does when operations come one after the other. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /** Returns the state after the operation if it may answer so in this state, else undefined. Of an unknown outcome, the output is undefined. */
  step(state: State, input: Input, output: Output | undefined): { readonly state: State } | undefined;
  /** Spells a state, equal ones the same. */
  spell(state: State): string;
}

/** Is the verdict on a history. A search that came to the end of its budget has found nothing, which proves nothing. */
export type Linearizability = 'linearizable' | 'not-linearizable' | 'undecided';

/**
 * Tells whether operations that overlap have acted as if each of them had happened at one moment between its call and its
 * return.
 *
 * The search of Wing and Gong: take an operation that was called before any other has returned, let the model take it, and
 * go on with the rest; at a return of an operation that was not taken yet, go back. What Lowe added makes it fast: a set of
 * operations that has led to the same state before leads nowhere new.
 *
 * @param history is that of one object
 * @param budget bounds the steps of the search
 */
export function checkLinearizability<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  history: readonly OperationRecord<Input, Output>[],
  budget = 1_000_000,
): Linearizability {
  const head = timelineOf(history);
  const taken = new Uint8Array(history.length);
  const seen = new Set<string>();
  const path: { readonly call: Moment; readonly state: State }[] = [];
  let open = history.filter(({ outcome }) => outcome === 'ok').length;
  let state = model.initial;
  let moment = head.next;
  for (let steps = 0; open > 0; steps += 1) {
    if (steps >= budget) return 'undecided';
    if (moment?.end !== undefined) {
      const { input, output } = history[moment.operation] as OperationRecord<Input, Output>;
      const after = model.step(state, input, output);
      taken[moment.operation] = 1;
      if (after !== undefined && isNew(seen, taken, model.spell(after.state))) {
        path.push({ call: moment, state });
        state = after.state;
        lift(moment);
        if (Number.isFinite(moment.end.at)) open -= 1;
        moment = head.next;
        continue;
      }
      taken[moment.operation] = 0;
      moment = moment.next;
      continue;
    }
    // Somebody has returned before being taken, or there is nobody left to take: the last choice was wrong.
    const last = path.pop();
    if (last === undefined) return 'not-linearizable';
    taken[last.call.operation] = 0;
    state = last.state;
    if (Number.isFinite((last.call.end as Moment).at)) open += 1;
    lower(last.call);
    moment = last.call.next;
  }
  return 'linearizable';
}

/** Is a call or a return, in a list of all of them by time. */
interface Moment {
  readonly operation: number;
  readonly at: number;
  /** Is the return that belongs to a call. */
  readonly end: Moment | undefined;
  previous: Moment | undefined;
  next: Moment | undefined;
}

function timelineOf(history: readonly OperationRecord<unknown, unknown>[]): Moment {
  const moments = history.flatMap(({ calledAt, returnedAt, outcome }, operation) => {
    const at = outcome === 'ok' ? returnedAt : Infinity;
    const end: Moment = { operation, at, end: undefined, previous: undefined, next: undefined };
    return [{ operation, at: calledAt, end, previous: undefined, next: undefined }, end];
  });
  const head: Moment = { operation: -1, at: -1, end: undefined, previous: undefined, next: undefined };
  let last = head;
  // Of two that never return, neither comes before the other.
  for (const moment of moments.toSorted((a, b) => (a.at === b.at ? 0 : a.at - b.at))) {
    last.next = moment;
    moment.previous = last;
    last = moment;
  }
  return head;
}

/** Takes an operation out of the list, its call and its return. */
function lift(call: Moment): void {
  for (const moment of [call, call.end as Moment]) {
    if (moment.previous !== undefined) moment.previous.next = moment.next;
    if (moment.next !== undefined) moment.next.previous = moment.previous;
  }
}

/** Puts it back; whatever was lifted later is back already. */
function lower(call: Moment): void {
  for (const moment of [call.end as Moment, call]) {
    if (moment.previous !== undefined) moment.previous.next = moment;
    if (moment.next !== undefined) moment.next.previous = moment;
  }
}

function isNew(seen: Set<string>, taken: Uint8Array, state: string): boolean {
  const spelled = `${Buffer.from(taken).toString('latin1')}\n${state}`;
  if (seen.has(spelled)) return false;
  seen.add(spelled);
  return true;
}
