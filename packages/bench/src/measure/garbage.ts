/** Names what a bench needs from Node, for the error message. */
const REMEDY = 'Run it as "pnpm bench <name>", or start node with --expose-gc.';

/** Collects young garbage, so that no contender pays for what the one before it has left behind. */
export function sweep(): void {
  collector()({ type: 'minor', execution: 'sync' });
}

/** Collects all garbage, also what only dies once a first pass has let go of it. */
export async function collect(): Promise<void> {
  for (let pass = 0; pass < 4; pass += 1) {
    collector()({ type: 'major', execution: 'sync' });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function collector(): NonNullable<typeof globalThis.gc> {
  if (globalThis.gc === undefined) throw new Error(`Benches collect garbage themselves. ${REMEDY}`);
  return globalThis.gc;
}
