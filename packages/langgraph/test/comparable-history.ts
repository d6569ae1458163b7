import type { BaseCheckpointSaver } from '@langchain/langgraph';

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;

/**
 * Returns all that a checkpointer holds of a thread, so that two of them can be compared: what is drawn at random, ids and
 * times, is replaced by its place in the order of its appearance.
 */
export async function comparableHistory(saver: BaseCheckpointSaver, thread: string): Promise<unknown> {
  const found: unknown[] = [];
  for await (const { config, checkpoint, metadata, parentConfig, pendingWrites } of saver.list({
    configurable: { thread_id: thread },
  })) {
    const writes = (pendingWrites ?? []).map(([task, channel, value]) => ({ task, channel, value }));
    const { ts: _ts, channel_values: values, ...rest } = checkpoint;
    // A value without a version is the default of a channel that was never written: it need not be stored.
    const written = Object.entries(values).filter(([channel]) => Object.hasOwn(checkpoint.channel_versions, channel));
    const channels = Object.fromEntries(written);
    found.push({ config: config.configurable, rest, channels, metadata, parent: parentConfig?.configurable, writes });
  }
  found.sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  const names = new Map<string, string>();
  const text = JSON.stringify(found, sorted).replaceAll(ID, (id) => {
    if (!names.has(id)) names.set(id, `id ${names.size}`);
    return names.get(id) as string;
  });
  return JSON.parse(text) as unknown;
}

function idOf(found: unknown): string {
  return (found as { readonly rest: { readonly id: string } }).rest.id;
}

// MemorySaver returns a `Send` as the plain data that LangGraph takes for one. Task ids are drawn, so the order of parallel tasks is too; and the order of keys says nothing.
function sorted(key: string, value: unknown): unknown {
  if (key === 'writes' && Array.isArray(value)) {
    const content = (write: { channel: string; value: unknown }): string =>
      JSON.stringify([write.channel, write.value]);
    return value.toSorted((one, other) => (content(one) < content(other) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([name, content]) => !(name === 'lg_name' && content === 'Send'));
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
