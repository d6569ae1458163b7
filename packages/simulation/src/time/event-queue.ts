/** Is something that happens at a moment. */
export interface TimedEvent {
  readonly at: number;
  readonly run: () => void;
  isCancelled: boolean;
}

interface Place {
  readonly event: TimedEvent;
  /** Decides between events of the same moment: the one that came first goes first, and chance has no say. */
  readonly order: number;
}

/** Gives events back in the order of their moments. */
export class EventQueue {
  readonly #heap: Place[] = [];
  #count = 0;

  /** Counts the events that are waiting, cancelled ones included. */
  get size(): number {
    return this.#heap.length;
  }

  /** Adds an event. */
  push(event: TimedEvent): void {
    const heap = this.#heap;
    const place = { event, order: (this.#count += 1) };
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(place, heap[above] as Place)) break;
      heap[at] = heap[above] as Place;
      at = above;
    }
    heap[at] = place;
  }

  /** Takes the next event that was not cancelled. */
  pop(): TimedEvent | undefined {
    for (;;) {
      const event = this.#take();
      if (event?.isCancelled !== true) return event;
    }
  }

  #take(): TimedEvent | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.event;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Place, heap[below] as Place)) below += 1;
      if (isBefore(last, heap[below] as Place)) break;
      heap[at] = heap[below] as Place;
      at = below;
    }
    heap[at] = last;
    return first.event;
  }
}

function isBefore(one: Place, other: Place): boolean {
  return one.event.at < other.event.at || (one.event.at === other.event.at && one.order < other.order);
}
