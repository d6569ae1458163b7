import type * as LangGraph from '@langchain/langgraph';
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint';

import { defineField, fieldsOf } from './instance-fields.ts';
import type { KeptClass } from './kept-class.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Is a class of LangGraph that is kept. An instance of any copy of LangGraph is known by its mark and by its properties. */
export interface KeptLangGraphClass extends KeptClass {
  /** Tells whether an object with the mark of the class has the properties of its instances, and no others. */
  has(instance: object): boolean;
}

/** Is what marks a `Command`, and holds what it was made of. */
const COMMAND_MARK: unique symbol = Symbol.for('langgraph.command') as never;
/** Marks what a tool may hand to a graph as it is. */
const DIRECT = 'lc_direct_tool_output';
const WITHOUT: ReadonlySet<PropertyKey> = new Set([COMMAND_MARK]);

/** Holds the classes of LangGraph that are kept, by the marks of their instances. */
export const langGraphClasses: ReadonlyMap<unknown, KeptLangGraphClass> = new Map(
  [
    langGraphClass('DeltaSnapshot', ['value'], () => new DeltaSnapshot(undefined)),
    langGraphClass('Send', ['node', 'args', 'timeout'], async () => new (await langGraph()).Send('', undefined)),
    langGraphClass('Overwrite', ['__overwrite__'], async () => new (await langGraph()).Overwrite(undefined)),
    commandClass(),
  ].map((each) => [each.name, each]),
);

// Whoever has stored an instruction has LangGraph; it is large, and nothing else needs it.
async function langGraph(): Promise<typeof LangGraph> {
  return import('@langchain/langgraph');
}

function langGraphClass(name: string, keys: readonly string[], create: KeptClass['create']): KeptLangGraphClass {
  const fresh = Object.fromEntries([
    ...keys.map((key) => [key, undefined]),
    ['lg_name', name],
    [DIRECT, true],
  ]) as Fields;
  const own: ReadonlySet<PropertyKey> = new Set([...keys, 'lg_name', DIRECT, COMMAND_MARK]);
  return {
    name,
    create,
    has: (instance) => Reflect.ownKeys(instance).every((key) => own.has(key)),
    contentOf: (instance) => fieldsOf(instance, { fresh, without: WITHOUT }),
    fill: (instance, fields) => {
      for (const [key, value] of Object.entries(fields)) defineField(instance, key, value);
    },
  };
}

function commandClass(): KeptLangGraphClass {
  const keys = ['graph', 'update', 'resume', 'goto'];
  const plain = langGraphClass('Command', keys, async () => new (await langGraph()).Command({}));
  return {
    ...plain,
    fill(command: object, fields: Fields, note: unknown): void {
      plain.fill(command, fields, note);
      const made = Object.entries(fields).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
      Object.defineProperty(command, COMMAND_MARK, {
        value: Object.fromEntries(made),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    },
  };
}
