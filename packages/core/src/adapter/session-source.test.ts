import { expect, it } from 'vitest';

import { createToolCache } from '../create-tool-cache.ts';
import { sessionFrom } from './session-source.ts';

const session = createToolCache().openSession();

it('takes a session as it is', () => {
  expect(sessionFrom(session, undefined)).toBe(session);
});

it('asks a function with what the framework hands over', () => {
  expect(sessionFrom(({ own }: { own: typeof session }) => own, { own: session })).toBe(session);
});

it('leaves the session open where nothing names one', () => {
  expect(sessionFrom(undefined, {})).toBeUndefined();
  expect(sessionFrom(() => undefined, {})).toBeUndefined();
});
