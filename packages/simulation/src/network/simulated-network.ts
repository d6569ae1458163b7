import type { Duplex } from 'node:stream';

import type { VirtualTime } from '../time/virtual-time.ts';
import type { Trace } from '../trace/trace.ts';
import { GOOD, type Conditions } from './conditions.ts';
import { Link } from './link.ts';
import type { ServerHost } from './server-host.ts';
import { SimulatedSocket } from './simulated-socket.ts';

/** Connects processes with the server. The name of the host to which a process connects is the name of the process. */
export class SimulatedNetwork {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly chance: () => number;
  conditions: Conditions = { ...GOOD };
  readonly #host: ServerHost;
  readonly #stalled = new Map<string, (() => void)[]>();
  readonly #dead = new Set<string>();
  #links = 0;

  constructor(time: VirtualTime, trace: Trace, chance: () => number, host: ServerHost) {
    this.time = time;
    this.trace = trace;
    this.chance = chance;
    this.#host = host;
  }

  /** Opens a connection. */
  connect(process: string): Duplex {
    const socket = new SimulatedSocket(this.time);
    this.deliver(process, this.latency(), () => {
      if (this.#host.isDown) socket.broken('ECONNREFUSED');
      else socket.accepted(new Link(this, this.#host, socket, process, (this.#links += 1)));
    });
    return socket;
  }

  /** Draws the time that bytes take one way, in milliseconds. */
  latency(): number {
    return this.conditions.delayMs + this.chance() * this.conditions.jitterMs;
  }

  /** Lets something reach a process after a delay: later if the process stands still then, never if it is dead. */
  deliver(process: string, delayMs: number, run: () => void): void {
    this.time.schedule(delayMs, () => {
      if (this.#dead.has(process)) return;
      const waiting = this.#stalled.get(process);
      if (waiting === undefined) run();
      else waiting.push(run);
    });
  }

  /** Lets nothing reach a process until it goes on. */
  stall(process: string): void {
    if (!this.#stalled.has(process)) this.#stalled.set(process, []);
  }

  /** Lets a process go on with all that has come meanwhile. */
  goOn(process: string): void {
    const waiting = this.#stalled.get(process) ?? [];
    this.#stalled.delete(process);
    for (const run of waiting) run();
  }

  /** Lets a process be as good as dead: nothing reaches it, and nothing comes from it but what is on its way. */
  kill(process: string): void {
    this.#dead.add(process);
    for (const link of this.#host.links) if (link.process === process) link.silence(false);
  }
}
