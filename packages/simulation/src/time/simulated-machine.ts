import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import type { Duplex } from 'node:stream';

import { VirtualTime } from './virtual-time.ts';

/** Is where the parts of the machine come from that a simulation replaces. */
export interface MachineParts {
  readonly time: VirtualTime;
  /** Returns a number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Opens a connection. */
  readonly connect: (host: string) => Duplex;
}

const realSetImmediate = globalThis.setImmediate;

let current: MachineParts | undefined;

/** Makes a time that has not begun yet. */
export function createTime(): VirtualTime {
  return new VirtualTime((callback) => realSetImmediate(callback));
}

/** Lets the machine be made of these parts from now on. */
export function useParts(made: MachineParts): void {
  current = made;
}

/**
 * Replaces what a program learns from its machine: time, timers, chance and the network. To be called before the program is
 * loaded, and never undone: the process is the simulation's own.
 */
export function replaceMachine(): void {
  replaceTime(() => parts().time);
  replaceChance(() => parts().random());
  Object.assign(net, { createConnection: ({ host }: { host: string }) => parts().connect(host) });
  syncBuiltinESMExports();
}

function parts(): MachineParts {
  if (current === undefined) throw new Error('the simulated machine has not been started');
  return current;
}

type Callback = (...args: unknown[]) => void;

function replaceTime(time: () => VirtualTime): void {
  const setTimeout = (callback: Callback, ms: unknown, ...args: unknown[]): Timer =>
    new Timer().start(time(), delayOf(ms), () => callback(...args));
  const setInterval = (callback: Callback, ms: unknown, ...args: unknown[]): Timer =>
    new Timer().start(time(), delayOf(ms), () => callback(...args), true);
  const setImmediate = (callback: Callback, ...args: unknown[]): Timer => {
    const timer = new Timer();
    timer.cancel = time().soon(() => callback(...args));
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout: cancelTimer,
    clearInterval: cancelTimer,
    clearImmediate: cancelTimer,
  });
  Date.now = () => Math.floor(time().now);
  performance.now = () => time().now;
}

function delayOf(ms: unknown): number {
  return Math.max(1, Number(ms) || 1);
}

function cancelTimer(timer: unknown): void {
  if (timer instanceof Timer) timer.cancel();
}

function replaceChance(random: () => number): void {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  Math.random = random;
  Object.assign(crypto, {
    randomUUID: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    randomInt: (low: number, high?: number) =>
      high === undefined ? Math.floor(random() * low) : low + Math.floor(random() * (high - low)),
    randomBytes: (size: number) => Buffer.from(hex(size * 2), 'hex'),
  });
}

/** Is what programs get for a timer. */
class Timer {
  cancel: () => void = () => undefined;

  start(time: VirtualTime, delayMs: number, callback: () => void, repeats = false): this {
    this.cancel = time.after(delayMs, () => {
      if (repeats) this.start(time, delayMs, callback, true);
      callback();
    });
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}
