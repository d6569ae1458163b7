import { seededRandom } from '@keepstep/core/testing';

/** Draws lots from a seed. */
export class Chance {
  /** Returns a number from 0 up to, not including, 1. */
  readonly draw: () => number;

  constructor(seed: number) {
    this.draw = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  }

  /** Returns a whole number below a limit. */
  below(limit: number): number {
    return Math.floor(this.draw() * limit);
  }

  /** Returns a number between two others. */
  between(low: number, high: number): number {
    return low + this.draw() * (high - low);
  }

  /** Tells whether something happens that has this probability. */
  happens(probability: number): boolean {
    return this.draw() < probability;
  }

  /** Returns one of several things. */
  one<Thing>(things: readonly Thing[]): Thing {
    return things[this.below(things.length)] as Thing;
  }

  /** Returns one of several things, each as often as its weight says. */
  weighted<Thing>(things: readonly (readonly [weight: number, thing: Thing])[]): Thing {
    let left = this.draw() * things.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, thing] of things) if ((left -= weight) < 0) return thing;
    return (things.at(-1) as readonly [number, Thing])[1];
  }
}
