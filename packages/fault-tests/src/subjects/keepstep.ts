import { CLOCK_KEYS, KeepstepSubject } from './keepstep-subject.ts';
import type { SubjectModule } from './subject.ts';

/** Is Keepstep as it is meant to be used. */
export const subject: SubjectModule = {
  name: 'keepstep',
  clockKeys: CLOCK_KEYS,
  open: async (options) => new KeepstepSubject(options, true),
};
