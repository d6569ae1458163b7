/** Tells whether the tests run with the oldest versions that users may have, as `packages/langchain-oldest` does. */
export const isOldest: boolean = process.env['KEEPSTEP_LANGCHAIN_SET'] === 'oldest';

/**
 * Tells whether the text of a message is what an agent says of a tool that has failed. The oldest versions do not mark such a
 * message in any other way; with the middleware, it has the status that later ones give it.
 */
export function isErrorText(text: string): boolean {
  return /Please (fix your mistakes|fix the error and try again)\.$/.test(text);
}
