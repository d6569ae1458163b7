export { KeepstepNodeCache, type KeepstepNodeCacheOptions } from './keepstep-node-cache.ts';
export { KeepstepSaver, type KeepstepSaverOptions } from './keepstep-saver.ts';
