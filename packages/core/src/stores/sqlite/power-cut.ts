import type { SqliteDatabase } from './sqlite-database.ts';
import { bootSql } from './statements/boot.generated.ts';
import { namespacesSql } from './statements/namespaces.generated.ts';

/**
 * Invalidates what a power cut may have made stale: where invalidations do not wait for the disk, the last of them may be
 * lost when the machine stops, and results from before them would be true again.
 *
 * So the file remembers the start of the machine in which it was last used like that. In another one, or where the system
 * does not tell, everything in it is invalid.
 *
 * @param syncsInvalidations says that invalidations wait for the disk from now on
 * @param bootId names this start of the machine; undefined where the system does not tell
 */
export function invalidateAfterPowerCut(
  database: SqliteDatabase,
  syncsInvalidations: boolean,
  bootId: string | undefined,
): void {
  const boot = database.prepare(bootSql);
  if (syncsInvalidations && boot.find.get() === undefined) return;
  const { raiseAllFloors } = database.prepare({ raiseAllFloors: namespacesSql.raiseAllFloors });
  database.write('invalidates', () => {
    const noted = boot.find.get()?.['id'];
    const isSame = noted === bootId && bootId !== undefined;
    if (noted !== undefined && !isSame) raiseAllFloors.run();
    if (isSame) return;
    boot.forget.run();
    if (!syncsInvalidations) boot.note.run({ id: bootId ?? 'unknown' });
  });
}
