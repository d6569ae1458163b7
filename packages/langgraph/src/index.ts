export { KeepstepNodeCache, type KeepstepNodeCacheOptions } from './keepstep-node-cache.ts';
export { KeepstepSaver } from './keepstep-saver.ts';
export type { KeepstepSaverOptions } from './saver-options.ts';
export type { Compression } from './sealing/compression.ts';
export type { EncryptionKey, EncryptionOptions } from './sealing/key-ring.ts';
export { migrateThreads, type MigrationOptions, type MigrationProgress } from './migration/migrate-threads.ts';
export type { FileChunks } from './transfer/text-lines.ts';
export { KeepstepStore, type KeepstepStoreOptions } from './keepstep-store.ts';
export type { EmbeddingFunction, EmbeddingModel, KeepstepIndexOptions } from './store/text-index.ts';
