import { describe, expect, it, vi } from 'vitest';

import { Flight, wouldDeadlock } from './single-flight.ts';

function givenFlight() {
  const onAbandoned = vi.fn();
  const flight = new Flight<string>(onAbandoned);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  flight.start(() => promise);
  return { flight, onAbandoned, land: resolve, crash: reject };
}

describe('Flight', () => {
  it('brings its result to everybody', async () => {
    const { flight, land, onAbandoned } = givenFlight();
    const waiting = [flight.join(undefined), flight.join(new AbortController().signal), flight.join(undefined)];
    land('value');
    expect(await Promise.all(waiting)).toEqual(['value', 'value', 'value']);
    expect(await flight.join(undefined)).toBe('value');
    expect(onAbandoned).not.toHaveBeenCalled();
    expect(flight.signal.aborted).toBe(false);
  });

  it('brings its failure to everybody, as the same object', async () => {
    const { flight, crash } = givenFlight();
    const waiting = [flight.join(undefined), flight.join(new AbortController().signal)];
    const failure = new Error('no');
    crash(failure);
    for (const each of waiting) await expect(each).rejects.toBe(failure);
  });

  it('may fail while nobody waits', async () => {
    const { flight, crash } = givenFlight();
    crash(new Error('no'));
    await expect(flight.join(undefined)).rejects.toThrow('no');
  });

  it('goes on while somebody waits', async () => {
    const { flight, land, onAbandoned } = givenFlight();
    const controller = new AbortController();
    const leaving = flight.join(controller.signal);
    const staying = flight.join(undefined);
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    expect(onAbandoned).not.toHaveBeenCalled();
    expect(flight.signal.aborted).toBe(false);
    land('value');
    expect(await staying).toBe('value');
  });

  it('is told to stop, with the reason, when the last one has left', async () => {
    const { flight, onAbandoned } = givenFlight();
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => flight.join(signal));
    onAbandoned.mockImplementation(() => expect(flight.signal.aborted).toBe(false));
    controllers[0]?.abort('first');
    expect(onAbandoned).not.toHaveBeenCalled();
    controllers[1]?.abort('second');
    expect(onAbandoned).toHaveBeenCalledTimes(1);
    expect([flight.signal.aborted, flight.signal.reason]).toEqual([true, 'second']);
    expect(await Promise.allSettled(waiting)).toEqual([
      { status: 'rejected', reason: 'first' },
      { status: 'rejected', reason: 'second' },
    ]);
  });

  it('is left at once by a caller that had given up before', async () => {
    const { flight, onAbandoned } = givenFlight();
    await expect(flight.join(AbortSignal.abort('too late'))).rejects.toBe('too late');
    expect(onAbandoned).toHaveBeenCalledTimes(1);
  });

  it('forgets the signals of those whom it has served', async () => {
    const { flight, land, onAbandoned } = givenFlight();
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const waiting = flight.join(controller.signal);
    land('value');
    expect(await waiting).toBe('value');
    await Promise.resolve();
    controller.abort();
    expect(removed).toHaveBeenCalledTimes(1);
    expect(onAbandoned).not.toHaveBeenCalled();
  });
});

describe('wouldDeadlock', () => {
  const flights = (count: number): Flight<string>[] => Array.from({ length: count }, () => new Flight<string>(vi.fn()));

  it('sees a load that waits for itself', () => {
    const [one] = flights(1) as [Flight<string>];
    expect(wouldDeadlock(one, one)).toBe(true);
  });

  it('sees a circle of any length', () => {
    const circle = flights(20);
    for (let index = 0; index + 1 < circle.length; index += 1)
      circle[index]?.blockedOn.push(circle[index + 1] as Flight<string>);
    const [first, last] = [circle[0], circle.at(-1)] as [Flight<string>, Flight<string>];
    expect(wouldDeadlock(first, last)).toBe(true);
    expect(wouldDeadlock(last, first)).toBe(false);
  });

  it('comes to an end in a net, and where others stand in a circle already', () => {
    const [one, two, three, other] = flights(4) as [Flight<string>, Flight<string>, Flight<string>, Flight<string>];
    one.blockedOn.push(two, three);
    two.blockedOn.push(three, one);
    three.blockedOn.push(one);
    expect(wouldDeadlock(one, other)).toBe(false);
  });
});
