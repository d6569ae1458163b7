import { HumanMessage } from '@langchain/core/messages';
import { emptyCheckpoint, type BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';

let ids = 0;

/** Puts a list into a channel, in a checkpoint after another one, and returns the id of the new one. */
export async function put(
  saver: BaseCheckpointSaver,
  list: unknown,
  { after, namespace = '', thread = 'thread' }: { after?: string; namespace?: string; thread?: string } = {},
): Promise<string> {
  ids += 1;
  const id = String(ids).padStart(8, '0');
  const config = {
    configurable: { thread_id: thread, checkpoint_ns: namespace, ...(after && { checkpoint_id: after }) },
  };
  const checkpoint = { ...emptyCheckpoint(), id, channel_values: { list }, channel_versions: { list: ids } };
  await saver.put(config, checkpoint, { source: 'loop', step: 1, parents: {} }, { list: ids });
  return id;
}

/** Returns what the channel holds in a checkpoint; without an id, in the newest one. */
export async function read(saver: BaseCheckpointSaver, id?: string, namespace = ''): Promise<unknown> {
  const configurable = {
    thread_id: 'thread',
    checkpoint_ns: namespace,
    ...(id !== undefined && { checkpoint_id: id }),
  };
  return (await saver.getTuple({ configurable }))?.checkpoint.channel_values['list'];
}

/** Returns a message that is so long that it has a piece of its own. */
export function message(index: number): HumanMessage {
  const id = String(index).padStart(6, '0');
  return new HumanMessage({ id, content: `message ${id} `.repeat(20) });
}
