/**
 * The layers of packages/core/src. Data flows one way and imports point down; imports of types count too.
 *
 * A new file at the top of src, or a new folder, gets its place here first. Test files may import what they like, vendors
 * and sibling packages excepted.
 */
export interface Layer {
  readonly name: string;
  /** Names files, and folders with a slash at the end, from packages/core/src. */
  readonly holds: readonly string[];
  /** Names the layers that its files may import, besides their own. */
  readonly imports: readonly string[];
  /** Names further layers of which its files may import types. */
  readonly importsTypesOf?: readonly string[];
}

const GROUND = ['leaves', 'words', 'ports'];
/** The two lowest features, which every other feature may import. */
const LOW_FEATURES = ['codec', 'resource'];
const FEATURES = [...LOW_FEATURES, 'freshness', 'loop', 'session', 'observe'];
const STORE_MAY_IMPORT = [...GROUND, 'codec', 'freshness', 'near-cache'];
const STORES = ['memory store', 'sqlite store', 'valkey store'];

export const layers: readonly Layer[] = [
  {
    name: 'leaves',
    holds: ['errors.ts', 'clock.ts', 'duration.ts', 'id.ts', 'maybe-promise.ts', 'option-checks.ts'],
    imports: [],
  },
  {
    name: 'words',
    holds: ['tool-call.ts', 'events.ts', 'tool-policy.ts', 'scope.ts', 'session.ts', 'metrics.ts'],
    imports: ['leaves'],
    importsTypesOf: ['ports', 'codec', 'resource', 'loop'],
  },
  { name: 'ports', holds: ['store/'], imports: ['leaves', 'words'], importsTypesOf: ['codec'] },

  { name: 'codec', holds: ['codec/'], imports: GROUND },
  { name: 'resource', holds: ['resource/'], imports: [...GROUND, 'codec'] },
  { name: 'freshness', holds: ['freshness/'], imports: [...GROUND, ...LOW_FEATURES] },
  // The copies that a process keeps; the memory store has nothing but copies.
  { name: 'near-cache', holds: ['near-cache/'], imports: [...GROUND, ...LOW_FEATURES] },
  { name: 'loop', holds: ['loop/'], imports: [...GROUND, ...LOW_FEATURES] },
  // A session is where loops are found and calls are counted.
  { name: 'session', holds: ['session/'], imports: [...GROUND, ...LOW_FEATURES, 'loop', 'observe'] },
  { name: 'observe', holds: ['observe/'], imports: [...GROUND, ...LOW_FEATURES] },

  { name: 'pipeline', holds: ['cache/'], imports: [...GROUND, ...FEATURES] },
  { name: 'state', holds: ['state/'], imports: [...GROUND, ...LOW_FEATURES] },

  { name: 'memory store', holds: ['stores/memory/'], imports: STORE_MAY_IMPORT },
  { name: 'sqlite store', holds: ['stores/sqlite/'], imports: STORE_MAY_IMPORT },
  { name: 'valkey store', holds: ['stores/valkey/'], imports: STORE_MAY_IMPORT },

  {
    name: 'test kit',
    holds: ['testing/'],
    imports: [...GROUND, ...LOW_FEATURES, 'freshness'],
    // The suite of adapters speaks of the cache that a harness brings.
    importsTypesOf: ['face'],
  },

  {
    name: 'face',
    holds: [
      'annotation-policy.ts',
      'cache-options.ts',
      'create-cache.ts',
      'create-tool-cache.ts',
      'current-session.ts',
      'explain-call.ts',
      'global-metrics.ts',
      'index.ts',
      'deferred-store.ts',
      'memoize.ts',
      'store-from-url.ts',
      'stream-tool-call.ts',
      'tool-cache.ts',
      'wrap-tool.ts',
    ],
    imports: [...GROUND, ...FEATURES, 'pipeline', ...STORES],
  },
  // What adapters of frameworks have in common.
  { name: 'adapter kit', holds: ['adapter/'], imports: [...GROUND, 'codec', 'loop', 'face'] },
];

/** Names the only files of packages/core/src that import a package, or one of Node's own modules. */
export const owners: Readonly<Record<string, readonly string[]>> = {
  devalue: ['codec/'],
  iovalkey: ['stores/valkey/'],
  'node:async_hooks': ['session/session-context.ts'],
  'node:crypto': ['id.ts', 'codec/key-hash.ts', 'loop/', 'stores/'],
  'node:diagnostics_channel': ['observe/diagnostics-channel.ts'],
  'node:sqlite': ['stores/sqlite/'],
  'node:util': ['codec/', 'stores/', 'testing/'],
};

/** Names where Node's other modules may be used; all the rest of the core runs on the language alone. */
export const nodeModulesOwners: readonly string[] = ['stores/', 'testing/'];

/** Names the packages whose values come in from outside: only types of them, or `await import()`, are allowed. */
export const lazyPackages: readonly string[] = ['iovalkey'];

/** Matches what no file of the core may import, tests included. The servers that tests run against are another matter. */
export const vendors: RegExp =
  /^(@langchain\/.+|langchain|ai|@ai-sdk\/.+|@keepstep\/(?!test-servers$).+|keepstep)(\/|$)/;
