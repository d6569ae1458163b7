import { isOlderId, firstIdAt } from '../../../store/checkpoint-age.ts';
import type { PruneRequest } from '../../../store/checkpoint-store.ts';
import { textOf } from '../state/key-bounds.ts';
import { blob } from './blob.ts';
import type { CheckpointRow, CheckpointTable } from './checkpoint-table.ts';

/**
 * Deletes checkpoints of a thread, and returns how many. Those from which others that stay are replayed stay, too. Runs in a
 * transaction of the caller.
 */
export function pruneThread(table: CheckpointTable, thread: number, { keepLast, olderThan }: PruneRequest): number {
  const { graphs, superseded, remove, removeWrites, removeAllUnused } = table.statements;
  const first = olderThan === undefined ? undefined : firstIdAt(olderThan);
  let gone = 0;
  for (const { graph } of graphs.all({ thread }) as unknown as readonly Pick<CheckpointRow, 'graph'>[]) {
    const where = { thread, graph: blob(graph) };
    const rows = superseded.all({ ...where, keep: keepLast }) as unknown as readonly CheckpointRow[];
    const going = new Map(rows.map((row) => [row.number, row]));
    for (const { number, id } of rows) if (first !== undefined && !isOlderId(textOf(id), first)) going.delete(number);
    if (going.size > 0) keepNeeded(table, thread, graph, going);
    for (const { number, id } of going.values()) {
      remove.run({ checkpoint: number });
      removeWrites.run({ ...where, id: blob(id) });
      gone += 1;
    }
  }
  if (gone > 0) {
    removeAllUnused.run({ thread });
    table.lists.sweep(thread);
  }
  return gone;
}

/** Takes out what others that stay are replayed from: their ancestors, up to those that hold the last of the channels. */
function keepNeeded(
  table: CheckpointTable,
  thread: number,
  graph: Uint8Array,
  going: Map<number, CheckpointRow>,
): void {
  const { replaying, replayed } = table.statements;
  const where = { thread, graph: blob(graph) };
  for (const row of replaying.all(where) as unknown as readonly CheckpointRow[]) {
    if (going.has(row.number)) continue;
    const names = replayed.all({ checkpoint: row.number }) as unknown as readonly { readonly channel: Uint8Array }[];
    const open = new Set(names.map(({ channel }) => textOf(channel)));
    const seen = new Set<number>();
    let ancestor = parentOf(table, thread, graph, row);
    while (ancestor !== undefined && open.size > 0 && !seen.has(ancestor.number)) {
      seen.add(ancestor.number);
      going.delete(ancestor.number);
      for (const channel of table.versions(ancestor.number).keys()) open.delete(channel);
      ancestor = parentOf(table, thread, graph, ancestor);
    }
  }
}

function parentOf(
  table: CheckpointTable,
  thread: number,
  graph: Uint8Array,
  { parent }: CheckpointRow,
): CheckpointRow | undefined {
  return parent === null ? undefined : table.find(thread, textOf(graph), textOf(parent));
}
