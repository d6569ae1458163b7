import { anyOpening } from './any-opening.ts';
import type { Patch, Sabotage } from './sabotage.ts';

const valkey = (file: string, find: string, replace: string): Patch => ({
  file: `stores/valkey/${file}.ts`,
  find,
  replace,
});

/** Lists what can be wrong with the client's side. */
export const clientSabotages: readonly Sabotage[] = [
  {
    name: 'does not note its own invalidations',
    patches: [
      valkey(
        'invalidations',
        'const [epoch, seq] = await this.#run(invalidateScript, [partition.clock, ...keys.slice(0, 1)], args);\n      this.#note(partition, session, (mirror, known) => mirror.invalidated(known, seq, tags), epoch);',
        'await this.#run(invalidateScript, [partition.clock, ...keys.slice(0, 1)], args);',
      ),
      valkey(
        'invalidations',
        'const [epoch, seq] = await this.#run(finishScript, keys, args);\n      this.#note(partition, session, (mirror, known) => mirror.invalidated(known, seq, tags), epoch);',
        'await this.#run(finishScript, keys, args);',
      ),
      valkey(
        'invalidations',
        'this.#note(partition, session, (mirror, known) => mirror.heldUp(known, seq, tags, deadline as number), epoch);',
        'void [epoch, seq, deadline];',
      ),
    ],
    focus: { faults: ['lost messages'], maxStalenessMs: 400 },
  },
  {
    name: 'keeps copies without their tags',
    patches: [
      valkey('entry-finder', 'watched: [...tags, slot.keyTag],', 'watched: [slot.keyTag],'),
      valkey('clock-feeds', 'if (!declared.every((tag) => watched.includes(tag))) return false;', 'void declared;'),
    ],
  },
  {
    name: 'keeps copies of what others have set anew',
    patches: [valkey('entry-finder', 'watched: [...tags, slot.keyTag],', 'watched: tags,')],
    focus: { faults: [] },
  },
  {
    name: 'believes a copy without asking',
    patches: [
      valkey(
        'entry-finder',
        'const proof = await feeds.sync(partition, session);',
        'void feeds.sync(partition, session).catch(() => undefined);\n      const proof = { stands: true };',
      ),
      valkey(
        'entry-finder',
        'const asked = feeds.sync(partition, session);',
        'void feeds.sync(partition, session).catch(() => undefined);\n    const asked = Promise.resolve({ stands: true } as ClockProof);',
      ),
    ],
  },
  {
    name: 'reads past the incarnation',
    patches: [valkey('entry-finder', 'record.epoch !== epoch || found !== fence ||', 'record.epoch !== epoch ||')],
    focus: { faults: ['restart'], isReplicated: false },
  },
  {
    name: 'reads past the tags',
    patches: [valkey('entry-finder', ' || scores.slice(5).some(isDead)', '')],
    focus: { faults: [], isReplicated: false },
  },
  {
    name: 'reads past the floor',
    patches: [valkey('entry-finder', 'if (isDead(floor) ||', 'if (')],
    focus: { faults: [], isReplicated: false, maxTags: 14 },
  },
  {
    name: 'keeps time by another clock than its own',
    patches: [
      valkey(
        'entry-finder',
        'const freshUntil = askedAt + leftMs - record.retainMs;',
        'const freshUntil = Date.now() + leftMs - record.retainMs;',
      ),
      valkey('entry-finder', 'expiresAt: askedAt + leftMs,', 'expiresAt: Date.now() + leftMs,'),
    ],
    focus: { faults: [] },
  },
  {
    name: 'waits for an answer for ever',
    patches: [
      valkey('store-deadline', '      budgetMs,\n      () => {', '      2 ** 40,\n      () => {'),
      valkey('open-client', 'commandTimeout: Math.max(options.budgetMs * 2, 1_000),', ''),
    ],
    focus: { faults: ['silent connections'] },
  },
  {
    name: 'lets the listening client subscribe on its own',
    patches: [
      valkey('valkey-connection', 'duplicate({ autoResubscribe: false })', 'duplicate({ autoResubscribe: true })'),
    ],
    focus: { faults: ['broken connections', 'lost commands', 'restart'], isReplicated: false, maxStalenessMs: 100 },
  },
  {
    name: 'takes messages out of turn',
    patches: [
      { file: 'freshness/clock-mirror.ts', find: 'seq !== this.#applied + 1', replace: 'seq <= this.#applied' },
    ],
    focus: { faults: ['lost messages'], maxStalenessMs: 100 },
  },
  {
    name: 'forgets what the store has not acknowledged',
    patches: [
      {
        file: 'cache/dirty-tags.ts',
        find: 'return this.any && tags.some((tag) => this.#counts.has(tag));',
        replace: 'return false && tags.length > 0;',
      },
    ],
    focus: { faults: ['restart', 'read-only', 'server stands still'], isReplicated: false, pauseMs: 10 },
  },
  {
    name: 'keeps the results of all users in one place',
    patches: [
      { file: 'session/place.ts', find: 'return `u:${userId}`;', replace: "return userId === '' ? '' : 'u:';" },
    ],
  },
  {
    name: 'keeps the results of all sessions in one place',
    patches: [
      { file: 'session/place.ts', find: 'partition: `s:${session.id}`', replace: "partition: 's:'" },
      valkey(
        'key-layout',
        'const partition = session === undefined ? this.#partitionOf(hash) : this.ofSession(session.id);',
        'const partition = this.#partitionOf(hash);',
      ),
      ...anyOpening,
    ],
    focus: { faults: [], isReplicated: false },
  },
  {
    name: 'keeps a connection that is silent from the start',
    patches: [
      valkey(
        'valkey-connection',
        "client?.status !== 'ready') return;",
        'client === undefined || !this.#isReady) return;',
      ),
    ],
    focus: { faults: ['silent connections', 'broken connections', 'restart'], isReplicated: false },
  },
  {
    name: 'keeps its copies although its own invalidation met another clock',
    patches: [{ file: 'freshness/clock-mirror.ts', find: 'if (epoch !== this.#epoch) this.reset();', replace: '' }],
    focus: { faults: ['clock evicted'], maxStalenessMs: 400, pauseMs: 2 },
  },
  {
    name: 'makes other results of copies that may be old',
    patches: [
      { file: 'cache/read-through.ts', find: 'strict: parent?.blocker !== undefined', replace: 'strict: false' },
      { file: 'cache/entry-server.ts', find: 'return this.#isBounded && parent', replace: 'return false && parent' },
    ],
    focus: { faults: ['lost messages'], isReplicated: false, maxStalenessMs: 400, pauseMs: 2 },
  },
];
