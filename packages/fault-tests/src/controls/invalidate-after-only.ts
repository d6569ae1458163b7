import { CLOCK_KEYS, KeepstepSubject } from '../subjects/keepstep-subject.ts';
import type { SubjectModule } from '../subjects/subject.ts';

/** Is wrong where writers die: without a barrier, nobody learns of a change whose writer did not come to invalidate it. */
export const subject: SubjectModule = {
  name: 'invalidate-after-only',
  clockKeys: CLOCK_KEYS,
  open: async (options) => new KeepstepSubject(options, false),
};
