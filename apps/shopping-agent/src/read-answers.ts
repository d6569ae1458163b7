import { UsageError } from '@keepstep/scenario-kit';

/**
 * Tells whether the agent is to speak while it works.
 *
 * @throws UsageError for an option that is neither of the two
 */
export function readAnswers(answers: string = 'whole'): 'whole' | 'streamed' {
  if (answers === 'whole' || answers === 'streamed') return answers;
  throw new UsageError(`--answers takes whole or streamed, not "${answers}".`);
}
