export { KeepstepSaver, type KeepstepSaverOptions } from './keepstep-saver.ts';
