import type { EventListener, KeepstepEvent } from '../src/index.ts';

type EventType = KeepstepEvent['type'];
type EventOf<Type extends EventType> = Extract<KeepstepEvent, { type: Type }>;

/** Records events in the order in which they happened. */
export interface EventLog {
  readonly listener: EventListener;
  readonly events: readonly KeepstepEvent[];
  /** Lists the types of the events. */
  types(): EventType[];
  /** Lists the events of one type. */
  of<Type extends EventType>(type: Type): EventOf<Type>[];
  /** Forgets what happened so far. */
  clear(): void;
}

/** Creates an empty log; pass its `listener` as `onEvent`. */
export function eventLog(): EventLog {
  const events: KeepstepEvent[] = [];
  return {
    listener: (event) => void events.push(event),
    events,
    types: () => events.map(({ type }) => type),
    of: <Type extends EventType>(type: Type) => events.filter((event) => event.type === type) as EventOf<Type>[],
    clear: () => void events.splice(0),
  };
}
