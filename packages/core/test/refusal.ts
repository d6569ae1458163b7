import { expect } from 'vitest';

import { KeepstepError } from '../src/index.ts';

/** Runs something that is refused, at once or by its promise, and returns the error. */
export async function refusal(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

/**
 * Expects an error of ours that names the option or argument, what was received, and what is allowed.
 *
 * @param name may leave out the end of a path, and may list alternatives: `policy|kind`
 */
export function expectRefusal(error: unknown, name: string, received?: string): void {
  expect(KeepstepError.isInstance(error) ? error.code : error).toMatch(/^invalid_(option|argument)$/);
  const { message, option, argument } = error as { message: string; option?: string; argument?: string };
  const named = option ?? argument ?? '';
  const names = name.split('|');
  expect(names.some((each) => named === each || named.startsWith(`${each}.`)) ? name : named).toBe(name);
  expect(message).toMatch(/^Invalid (option|argument) "[^"]+": received .+, allowed: .+\.$/s);
  expect(message).toContain(`"${named}"`);
  if (received !== undefined) expect(message).toContain(`received ${received},`);
}
